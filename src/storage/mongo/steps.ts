import { setImmediate as nextTick } from 'node:timers/promises';
import type { Model, QueryFilter } from 'mongoose';

/** The most documents that one write removes: some milliseconds of work, so that no check waits long behind it. */
export const rowsPerStep = 500;
/** The most documents that one read passes over. */
export const rowsPerWindow = 2_000;
/**
 * How many documents are changed at the same time, each by a write of its own, so that they share one wait for the
 * majority.
 */
export const maxParallelChanges = 8;

/** Deletes at most `rows` documents and returns how many it deleted. */
export type DeleteStep = (rows: number) => Promise<number>;

/** Repeats the step until it finds nothing more or `limit` documents are deleted; returns how many were. */
export async function deleteInSteps(limit: number, remove: DeleteStep): Promise<number> {
  let total = 0;
  while (total < limit) {
    const rows = Math.min(rowsPerStep, limit - total);
    const deleted = await remove(rows);
    total += deleted;
    if (deleted < rows) break;
    await nextTick();
  }
  return total;
}

/** One step that takes its rows from the first of the given steps that still finds any. */
export function deleteInTurn(...steps: readonly DeleteStep[]): DeleteStep {
  return async (rows) => {
    let deleted = 0;
    for (const remove of steps) {
      if (deleted < rows) deleted += await remove(rows - deleted);
    }
    return deleted;
  };
}

/**
 * Deletes the documents that the filter matches, in the order of `sort`. It ignores outboxes: use it for collections
 * without one, or exclude documents that have entries.
 */
export function deleteMatching<T>(
  model: Model<T>,
  filter: QueryFilter<T>,
  sort: Readonly<Record<string, 1 | -1>> = {},
): DeleteStep {
  return async (rows) => {
    const found = await model.find(filter).sort(sort).limit(rows).select({ _id: 1 }).lean();
    if (found.length === 0) return 0;
    const { deletedCount } = await model.collection.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } } as object);
    return deletedCount;
  };
}

export interface Window<T, P> {
  readonly found: readonly T[];
  /** Where the next window begins; null: this was the last one. */
  readonly next: P | null;
}

/**
 * Reads window by window until `limit` results are found or there is no next window. A search through a million
 * documents then holds one window in memory at a time, and other work runs between two windows.
 */
export async function scanWindows<T, P>(
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
    if (from !== null) await nextTick();
  }
  return all;
}
