import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { noTrail } from '../trail.ts';
import { takenRefusal } from './taken.ts';

export interface ProductEdit<E extends object> {
  readonly next: Product;
  readonly audit: readonly NewAuditEvent[];
  /** What the answer says beside product and effects. */
  readonly extra: E;
}

export interface ProductTarget {
  readonly guildId: string;
  readonly productId: number;
  /** Deleted products are not found, unless the change is about them. */
  readonly deleted?: boolean;
}

/**
 * Reads one product, lets `change` decide and writes it with its audit events. `change` may run again with newer state.
 * Refuses: product-not-found, product-name-taken, and what `change` refuses.
 */
export async function changeProduct<E extends object>(
  storage: Storage,
  target: ProductTarget,
  change: (current: Product) => Result<ProductEdit<E>, CommandError>,
): Promise<Result<{ readonly product: Product; readonly effectIds: readonly number[] } & E, CommandError>> {
  const { guildId, productId } = target;
  const missing: CommandError = { code: 'product-not-found', product: String(productId) };
  let wanted = { id: productId, name: '', uuid: null };
  type Answer = Result<{ readonly product: Product } & E, CommandError>;
  const changed = await storage.changeProduct<{ readonly answer: Answer }>(guildId, productId, (current) => {
    const no = (refusal: CommandError) => ({ next: null, trail: noTrail, result: { answer: fail(refusal) } });
    if (current.deletedAt && !target.deleted) return no(missing);
    const decided = change(current);
    if (!decided.ok) return no(decided.error);
    const { next, audit, extra } = decided.value;
    wanted = { ...wanted, name: next.name };
    return { next, trail: { audit, effects: [] }, result: { answer: succeed({ product: next, ...extra }) } };
  });
  if (!changed) return fail(missing);
  if ('taken' in changed) return fail(await takenRefusal(storage, guildId, changed.taken, wanted));
  return changed.answer.ok ? succeed({ ...changed.answer.value, effectIds: changed.effectIds }) : changed.answer;
}
