import type { AttemptStatistic, Attempts } from '../../port/attempts.ts';
import type { Values } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan } from '../steps.ts';
import { rollUpAll } from './roll-up.ts';

type Position = readonly [start: number, protocol: string, productId: number, result: string];

/** Attempts that were not rolled up yet are, before the statistics are read. */
export function createAttemptStatistics(store: SqliteStore): Attempts['attemptStatistics'] {
  const page = store.statement(`
    SELECT start, protocol, product_id, result, count FROM attempt_statistics
    WHERE guild_id = ? AND period = ? AND (start, protocol, product_id, result) > (?, ?, ?, ?)
    ORDER BY start, protocol, product_id, result LIMIT ${rowsPerWindow}`);
  page.setReturnArrays(true);

  return async (guildId, period, since) => {
    await rollUpAll(store);
    return scan<AttemptStatistic, Position>(store, [since.getTime(), '', 0, ''], Infinity, (after) => {
      const rows = page.all(guildId, period, ...after) as unknown as readonly Values[];
      const found = rows.map(([start, protocol, productId, result, count]) => {
        const row = {
          guildId,
          period,
          start: new Date(start as number),
          protocol,
          productId: productId === 0 ? null : productId,
        };
        return { ...row, result, count } as AttemptStatistic;
      });
      const last = rows.length < rowsPerWindow ? undefined : rows.at(-1);
      return { found, next: last ? (last.slice(0, 4) as unknown as Position) : null };
    });
  };
}
