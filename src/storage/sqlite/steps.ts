import { setImmediate as pause } from 'node:timers/promises';
import type { SqliteStore } from './connection.ts';

/**
 * How many rows one transaction changes at most. It takes some milliseconds, so checks never wait long for the lock.
 */
export const rowsPerStep = 500;
/** The same where each row gets an audit event and effects, which are three more rows in other tables. */
export const rowsWithTrailPerStep = 100;
/** How many rows one read transaction looks at, at most: checks of the same process wait while it runs. */
export const rowsPerWindow = 1_000;

/** Processes at most `rows` rows inside `write`, most often by deleting them, and returns how many. */
export type DeleteStep = (rows: number) => number;

/**
 * Repeats a step, each time in a transaction of its own, until it finds no more rows or `limit` rows are processed.
 * Returns how many were.
 */
export async function deleteInSteps(
  store: SqliteStore,
  limit: number,
  step: DeleteStep,
  maxRows = rowsPerStep,
): Promise<number> {
  let total = 0;
  while (total < limit) {
    const rows = Math.min(maxRows, limit - total);
    const processed = await store.write(() => step(rows));
    total += processed;
    if (processed < rows) break;
    await pause();
  }
  return total;
}

/** One step made of several: each begins when the one before finds no more rows. */
export function inTurn(...steps: readonly DeleteStep[]): DeleteStep {
  return (rows) => {
    let total = 0;
    for (const step of steps) {
      if (total < rows) total += step(rows - total);
    }
    return total;
  };
}

export interface Window<T, P> {
  readonly found: readonly T[];
  /** The position at which the next window begins. null: this window is the last. */
  readonly next: P | null;
}

/**
 * Reads windows of rows, each in a read transaction of its own, until `limit` rows are found or none are left. Checks
 * run in between, so searching a million rows for one does not delay them.
 */
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
