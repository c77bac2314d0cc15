import type { Product } from '../../domain/product.ts';
import type { LicenseQuery } from '../../storage/port/licenses.ts';
import type { Storage } from '../../storage/port/storage.ts';
import { correctRolesOf } from '../trail.ts';

const pageSize = 500;

/**
 * Queues a correction of the roles of all owners and helpers of licenses that are for the product, after the roles that it gives
 * have changed.
 */
export async function refreshOwners(storage: Storage, { guildId, id: productId, deletedAt }: Product): Promise<void> {
  const done = new Set<string>();
  await refreshOwnersOf(storage, guildId, { productId }, done);
  // Licenses whose main product is deleted are in the state `deleted`, too.
  if (deletedAt) await refreshOwnersOf(storage, guildId, { productId, state: 'deleted' }, done);
}

/** Leaves out the owners in `done`, and adds the others to it. */
async function refreshOwnersOf(
  storage: Storage,
  guildId: string,
  query: LicenseQuery,
  done: Set<string>,
): Promise<void> {
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
