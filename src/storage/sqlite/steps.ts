import { setImmediate as pause } from 'node:timers/promises';
import type { SqliteStore } from './connection.ts';

/** What one transaction changes at most: some milliseconds' worth, so that checks never wait long for the lock. */
export const rowsPerStep = 500;
/** How many rows one read passes over at most. */
export const rowsPerWindow = 2_000;

/** Deletes at most `rows` rows inside `write` and tells how many. */
export type DeleteStep = (rows: number) => number;

/** Deletes in transactions of their own until nothing is left or `limit` rows went; how many went. */
export async function deleteInSteps(store: SqliteStore, limit: number, remove: DeleteStep): Promise<number> {
  let gone = 0;
  while (gone < limit) {
    const rows = Math.min(rowsPerStep, limit - gone);
    const went = await store.write(() => remove(rows));
    gone += went;
    if (went < rows) break;
    await pause();
  }
  return gone;
}

/** One after the other: the next begins when the one before has nothing left. */
export function inTurn(...deletes: readonly DeleteStep[]): DeleteStep {
  return (rows) => {
    let gone = 0;
    for (const remove of deletes) {
      if (gone < rows) gone += remove(rows - gone);
    }
    return gone;
  };
}

export interface Window<T, P> {
  readonly found: readonly T[];
  /** Where the next window begins; null: this was the last. */
  readonly next: P | null;
}

/** Reads window by window, so that looking through a million rows for one does not hold up the checks. */
export async function scan<T, P>(
  store: SqliteStore,
  start: P,
  limit: number,
  readWindow: (from: P, wanted: number) => Window<T, P>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let from: P | null = start;
  while (from !== null && all.length < limit) {
    const position: P = from;
    const { found, next } = await store.read(() => readWindow(position, limit - all.length));
    all.push(...found);
    from = next;
    if (from !== null) await pause();
  }
  return all;
}
