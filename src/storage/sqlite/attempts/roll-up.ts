import type { DatabaseSync } from 'node:sqlite';
import { dayMs, hourMs } from '../../../domain/values/calendar.ts';
import type { Values } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import type { Prepare } from '../database/database.ts';
import { asStoreError, isBusy } from '../errors.ts';

/** How many consecutive ids of attempts share a run of the index by license. The migration that fills it knows it too. */
export const idsPerRun = 32_768;
/** How many ids one step takes: some milliseconds of work, and a run's pages are written few times. */
export const idsPerStep = 2_048;

export interface Statistic {
  readonly guildId: string;
  /** Any instant of the hour and day that it counts in, in ms. */
  readonly at: number;
  readonly protocol: string;
  /** 0: no product. */
  readonly productId: number;
  readonly result: string;
  readonly count: number;
}

/** Returns a function that adds to the counts of an hour and of a day, inside the caller's transaction. */
export function createStatisticsWriter(statement: Prepare): (statistic: Statistic) => void {
  const add = statement(`
    INSERT INTO attempt_statistics (guild_id, period, start, protocol, product_id, result, count) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  return ({ guildId, at, protocol, productId, result, count }) => {
    add.run(guildId, 'hour', at - (at % hourMs), protocol, productId, result, count);
    add.run(guildId, 'day', at - (at % dayMs), protocol, productId, result, count);
  };
}

/** Brings the index by license and the statistics up to date with the attempts. */
export interface RollUp {
  /** How many ids of attempts were given since the last one that was rolled up. */
  readonly pending: () => number;
  /**
   * Inside a write transaction: takes the next `idsPerStep` ids at most. No attempt with one of them can still be
   * committed, because SQLite has one writer at a time. Returns how many it took.
   */
  readonly step: () => number;
}

export function createRollUp(statement: Prepare): RollUp {
  const positions = statement(`
    SELECT last_id AS last, (SELECT max(id) FROM attempts) AS newest FROM attempt_roll_up`);
  // Sorted, so that the attempts of a step dirty each page of their run once.
  const index = statement(`
    INSERT INTO attempt_licenses SELECT id / ${idsPerRun}, license_id, id FROM attempts
    WHERE id > ? AND id <= ? AND license_id IS NOT NULL ORDER BY id / ${idsPerRun}, license_id, id`);
  const count = statement(`
    SELECT guild_id, at - at % ${hourMs} AS hour, protocol, coalesce(product_id, 0) AS product, result, count(*)
    FROM attempts WHERE id > ? AND id <= ? GROUP BY guild_id, hour, protocol, product, result`);
  count.setReturnArrays(true);
  const moveOn = statement('UPDATE attempt_roll_up SET last_id = ?');
  const addStatistic = createStatisticsWriter(statement);

  function readPositions(): { readonly last: number; readonly pending: number } {
    const { last, newest } = positions.get() as { readonly last: number; readonly newest: number | null };
    return { last, pending: Math.max(0, (newest ?? 0) - last) };
  }

  return {
    pending: () => readPositions().pending,
    step: () => {
      const { last, pending } = readPositions();
      const taken = Math.min(pending, idsPerStep);
      if (taken === 0) return 0;
      index.run(last, last + taken);
      for (const row of count.all(last, last + taken) as unknown as readonly Values[]) {
        const [guildId, at, protocol, productId, result, added] = row as [
          string,
          number,
          string,
          number,
          string,
          number,
        ];
        addStatistic({ guildId, at, protocol, productId, result, count: added });
      }
      moveOn.run(last + taken);
      return taken;
    },
  };
}

/** Rolls up all attempts that were committed before the call, in transactions of their own. */
export async function rollUpAll(store: SqliteStore): Promise<void> {
  const rollUp = createRollUp(store.statement);
  if ((await store.read(rollUp.pending)) === 0) return;
  while ((await store.write(rollUp.step)) === idsPerStep);
}

/**
 * Returns a function to be called with the size of each group of checks that was committed on the connection. It rolls
 * up `idsPerStep` attempts at a time, between groups and on their connection, whose commits do not wait for the disk.
 */
export function createRollUpBetweenGroups(
  database: DatabaseSync,
  statement: Prepare,
  onError: (error: unknown) => void,
): (groupSize: number) => void {
  const rollUp = createRollUp(statement);
  let isScheduled = false;
  /** How many checks were committed since attempts were last found to be too few; at the start that is not known. */
  let committed = idsPerStep;

  function runStep(): void {
    isScheduled = false;
    if (!database.isOpen) return;
    try {
      statement('BEGIN IMMEDIATE').run();
      committed = rollUp.pending();
      if (committed >= idsPerStep) committed -= rollUp.step();
      statement('COMMIT').run();
    } catch (error) {
      if (database.isTransaction) statement('ROLLBACK').run();
      // Nothing depends on when attempts are rolled up, so the next group tries again.
      if (!isBusy(error)) onError(asStoreError(error));
      return;
    }
    schedule();
  }

  function schedule(): void {
    if (isScheduled || committed < idsPerStep) return;
    isScheduled = true;
    setImmediate(runStep);
  }

  return (groupSize) => {
    committed += groupSize;
    schedule();
  };
}
