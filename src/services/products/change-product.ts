import type { NewAuditEvent } from '../../domain/audit.ts';
import { revise } from '../../domain/revision.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result, succeed } from '../../domain/values/result.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { noTrail } from '../trail.ts';
import { productTakenError } from './taken-error.ts';

export interface ProductEdit<E extends object> {
  readonly next: Product;
  readonly audit: readonly NewAuditEvent[];
  /** What the use case returns besides product and effects. */
  readonly extra: E;
}

export interface ProductTarget {
  readonly guildId: string;
  readonly productId: number;
  /** Deleted products are not found unless the change is about them. */
  readonly includeDeleted?: boolean;
}

/**
 * Reads one product, lets `change` decide, and writes the result with its audit events in one commit. After a write
 * conflict `change` runs again with the newer state. Fails with product-not-found, product-name-taken, and the errors
 * of `change`.
 */
export async function changeProduct<E extends object>(
  storage: Storage,
  target: ProductTarget,
  change: (current: Product) => Result<ProductEdit<E>, CommandError>,
): Promise<Result<{ readonly product: Product; readonly effectIds: readonly number[] } & E, CommandError>> {
  const { guildId, productId } = target;
  const missing: CommandError = { code: 'product-not-found', product: String(productId) };
  let identity = { id: productId, name: '', uuid: null };
  type Outcome = Result<{ readonly product: Product } & E, CommandError>;
  const changed = await storage.changeProduct<{ readonly outcome: Outcome }>(guildId, productId, (current, now) => {
    const reject = (error: CommandError) => ({ next: null, trail: noTrail, result: { outcome: fail(error) } });
    if (current.deletedAt && !target.includeDeleted) return reject(missing);
    const decided = change(current);
    if (!decided.ok) return reject(decided.error);
    const { audit, extra } = decided.value;
    const next = revise(decided.value.next, audit, now);
    identity = { ...identity, name: next.name };
    return { next, trail: { audit, effects: [] }, result: { outcome: succeed({ product: next, ...extra }) } };
  });
  if (!changed) return fail(missing);
  if ('taken' in changed) return fail(await productTakenError(storage, guildId, changed.taken, identity));
  return changed.outcome.ok ? succeed({ ...changed.outcome.value, effectIds: changed.effectIds }) : changed.outcome;
}
