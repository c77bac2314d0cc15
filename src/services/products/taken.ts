import type { CommandError } from '../../domain/command-error.ts';
import { foldText } from '../../domain/text.ts';
import type { ProductTaken } from '../../storage/port/products.ts';
import type { Storage } from '../../storage/port/storage.ts';

interface Wanted {
  readonly name: string;
  readonly id: number | null;
  readonly uuid: string | null;
}

/** Says which of a product's identities is taken, and for a name whether a deleted product has it. */
export async function takenRefusal(
  storage: Storage,
  guildId: string,
  taken: ProductTaken,
  wanted: Wanted,
): Promise<CommandError> {
  if (taken === 'id') return { code: 'product-id-taken', id: wanted.id ?? 0 };
  if (taken === 'uuid') return { code: 'product-uuid-taken', uuid: wanted.uuid ?? '' };
  const folded = foldText(wanted.name);
  const deleted = (await storage.deletedProducts(guildId))
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .some((name) => foldText(name) === folded);
  return { code: 'product-name-taken', name: wanted.name, deleted };
}
