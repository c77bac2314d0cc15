import { setImmediate as pause } from 'node:timers/promises';
import type { RejectedRequestCount } from '../../domain/attempt.ts';
import type { RejectedRequests } from '../port/rejected-requests.ts';
import type { SqliteStore } from './connection.ts';
import { deleteInSteps, rowsPerStep } from './steps.ts';

export function createRejectedRequests(store: SqliteStore): RejectedRequests {
  const { statement } = store;

  function add({ minute, observedIp, protocol, kind, count }: RejectedRequestCount): void {
    statement(
      `INSERT INTO rejected_requests (minute, observed_ip, protocol, kind, count) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    ).run(minute.getTime(), observedIp, protocol, kind, count);
  }

  return {
    recordRejectedRequests: async (counts, keepSince) => {
      for (let start = 0; start < counts.length; start += rowsPerStep) {
        await store.write(() => {
          for (const count of counts.slice(start, start + rowsPerStep)) add(count);
        });
        await pause();
      }
      const key = 'minute, observed_ip, protocol, kind';
      const old = `SELECT ${key} FROM rejected_requests WHERE minute < ? ORDER BY ${key} LIMIT ?`;
      await deleteInSteps(store, Infinity, (rows) =>
        Number(
          statement(`DELETE FROM rejected_requests WHERE (${key}) IN (${old})`).run(keepSince.getTime(), rows).changes,
        ),
      );
    },

    rejectedRequests: (since, limit) =>
      store.read(() => {
        const sql =
          'SELECT * FROM rejected_requests WHERE minute >= ? ORDER BY minute, observed_ip, protocol, kind LIMIT ?';
        return statement(sql)
          .all(since.getTime(), limit)
          .map(({ minute, observed_ip: observedIp, protocol, kind, count }) => {
            return { minute: new Date(minute as number), observedIp, protocol, kind, count } as RejectedRequestCount;
          });
      }),
  };
}
