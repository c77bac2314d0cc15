import type { CommandError } from '../../domain/command-error.ts';
import { foldName } from '../../domain/values/text.ts';
import type { ProductTaken } from '../../storage/port/products.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** The identities that a product should have. */
interface ProductIdentity {
  readonly name: string;
  readonly id: number | null;
  readonly uuid: string | null;
}

/** The error for an identity that another product has; for a name it says whether that product is deleted. */
export async function productTakenError(
  storage: Storage,
  guildId: string,
  taken: ProductTaken,
  identity: ProductIdentity,
): Promise<CommandError> {
  if (taken === 'id') return { code: 'product-id-taken', id: identity.id ?? 0 };
  if (taken === 'uuid') return { code: 'product-uuid-taken', uuid: identity.uuid ?? '' };
  const folded = foldName(identity.name);
  const deleted = (await storage.deletedProducts(guildId))
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .some((name) => foldName(name) === folded);
  return { code: 'product-name-taken', name: identity.name, deleted };
}
