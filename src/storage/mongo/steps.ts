import { setImmediate as pause } from 'node:timers/promises';
import type { Model, QueryFilter } from 'mongoose';

/** What one write removes at most: some milliseconds' worth, so that nothing waits long behind it. */
export const rowsPerStep = 500;
/** How many documents one read passes over at most. */
export const rowsPerWindow = 2_000;

/** Deletes at most `rows` documents and tells how many. */
export type Delete = (rows: number) => Promise<number>;

/** Deletes step by step until nothing is left or `limit` documents went; how many went. */
export async function deleteInSteps(limit: number, remove: Delete): Promise<number> {
  let gone = 0;
  while (gone < limit) {
    const rows = Math.min(rowsPerStep, limit - gone);
    const went = await remove(rows);
    gone += went;
    if (went < rows) break;
    await pause();
  }
  return gone;
}

/** One after the other: the next begins when the one before has nothing left. */
export function inTurn(...deletes: readonly Delete[]): Delete {
  return async (rows) => {
    let gone = 0;
    for (const remove of deletes) {
      if (gone < rows) gone += await remove(rows - gone);
    }
    return gone;
  };
}

/** Deletes what the filter finds, first in `sort` first; for documents that no change leaves anything to do in. */
export function deleteFound<T>(
  model: Model<T>,
  filter: QueryFilter<T>,
  sort: Readonly<Record<string, 1 | -1>> = {},
): Delete {
  return async (rows) => {
    const found = await model.find(filter).sort(sort).limit(rows).select({ _id: 1 }).lean();
    if (found.length === 0) return 0;
    const { deletedCount } = await model.collection.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } } as object);
    return deletedCount;
  };
}

/** What changes one document each goes so many at a time: together they wait for their confirmation. */
export const atOnce = 8;

export interface Window<T, P> {
  readonly found: readonly T[];
  /** Where the next window begins; null: this was the last. */
  readonly next: P | null;
}

/** Reads window by window, so that looking through a million documents for one takes little memory at a time. */
export async function scan<T, P>(
  start: P,
  limit: number,
  readWindow: (from: P, wanted: number) => Promise<Window<T, P>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let from: P | null = start;
  while (from !== null && all.length < limit) {
    const { found, next }: Window<T, P> = await readWindow(from, limit - all.length);
    all.push(...found);
    from = next;
    if (from !== null) await pause();
  }
  return all;
}
