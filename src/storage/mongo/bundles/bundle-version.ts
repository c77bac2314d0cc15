import type { Change } from '../documents.ts';
import type { Models } from '../models.ts';

/** How many of the newest changes the ring names; who is further behind loads everything. */
const ringSize = 500;

/** After the changes are stored: the next check on every process reloads what they name. One write for all of them. */
export async function raiseStamp(models: Models, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await models.stamp.updateOne(
    { _id: 'stamp' },
    { $inc: { value: changes.length }, $push: { ring: { $each: [...changes], $slice: -ringSize } } },
    { upsert: true },
  );
}

/** The stamp as of now, and the changes since `after`, oldest first; null where the ring no longer names them all. */
export async function readChanges(
  models: Models,
  after: number,
): Promise<{ readonly stamp: number; readonly changes: readonly Change[] | null }> {
  const found = await models.stamp.findById('stamp').lean();
  const stamp = found?.value ?? 0;
  // Infinity: nothing was ever read.
  const missed = stamp - after;
  const ring = found?.ring ?? [];
  return { stamp, changes: missed < 0 || missed > ring.length ? null : ring.slice(ring.length - missed) };
}
