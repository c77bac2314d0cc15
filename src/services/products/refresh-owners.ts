import type { Product } from '../../domain/product.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { correctRolesOf } from '../trail.ts';

const pageSize = 500;

/** Queues a correction of the roles of all owners and helpers of a product, after the roles that it gives have changed. */
export async function refreshOwners(storage: Storage, product: Product): Promise<void> {
  const { guildId, id: productId } = product;
  // The licenses of a deleted product are in the state `deleted` too.
  const query = { productId, ...(product.deletedAt && { state: 'deleted' as const }) };
  const done = new Set<string>();
  for (let beforeId: number | null = null; ;) {
    const licenses = await storage.licenses(guildId, query, { limit: pageSize, beforeId });
    const effects = correctRolesOf(...licenses).filter(({ userId }) => !done.has(userId));
    if (effects.length > 0) await storage.addEffects(guildId, effects);
    for (const { userId } of effects) done.add(userId);
    const last = licenses.at(-1);
    if (!last || licenses.length < pageSize) return;
    beforeId = last.id;
  }
}
