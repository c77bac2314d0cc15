import type { SQLInputValue } from 'node:sqlite';
import type { Attempt } from '../../domain/attempt.ts';
import type { AttemptCount, AttemptQuery, Attempts } from '../port/attempts.ts';
import type { Page } from '../port/page.ts';
import { attemptColumns } from './attempt-columns.ts';
import type { Row } from './columns.ts';
import type { SqliteStore } from './connection.ts';
import { rowsPerWindow, scan, type Window } from './steps.ts';

interface Position {
  readonly at: number;
  readonly id: number;
}

const newest: Position = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };

const positionIn = (row: Row): Position => ({ at: row.at as number, id: row.id as number });

function filtersOf(query: AttemptQuery): string {
  const filters: readonly (readonly [asked: boolean, filter: string])[] = [
    [query.licenseId !== undefined, '+license_id = :license'],
    [query.result !== undefined, query.result === 'denied' ? "result <> 'granted'" : 'result = :result'],
    [query.protocol !== undefined, 'protocol = :protocol'],
    [query.ip !== undefined, '(declared_ip = :ip OR observed_ip = :ip)'],
    [query.hwid !== undefined, 'hwid = :hwid'],
    [query.productId !== undefined, 'product_id = :product'],
    [query.quiet !== true, 'quiet = 0'],
  ];
  return ['TRUE', ...filters.filter(([asked]) => asked).map(([, filter]) => filter)].join(' AND ');
}

export function createAttempts(store: SqliteStore): Attempts {
  function run(sql: string, params: Record<string, SQLInputValue>) {
    const statement = store.statement(sql);
    // Each query uses only some of the parameters.
    statement.setAllowUnknownNamedParameters(true);
    return statement.all(params) as readonly Row[];
  }

  /** The position of the attempt after which the page begins. null: retention deleted it, and so all older ones. */
  function positionOf(guildId: string, beforeId: number | null): Position | null {
    if (beforeId === null) return newest;
    const sql = 'SELECT at, id FROM attempts WHERE id = ? AND guild_id = ?';
    return (store.statement(sql).get(beforeId, guildId) as Position | undefined) ?? null;
  }

  /**
   * Newest first: by time, or by id where only one license's attempts are listed. Either is the order of the index that
   * is used, so no page is sorted.
   */
  async function search(guildId: string, query: AttemptQuery, page: Page): Promise<readonly Attempt[]> {
    const start = await store.read(() => positionOf(guildId, page.beforeId));
    if (!start) return [];
    const ofLicense = query.licenseId !== undefined;
    const base = ofLicense
      ? 'license_id = :license AND +guild_id = :guild AND id < :id AND +at >= :since'
      : 'guild_id = :guild AND at <= :at AND at >= :since AND (at, id) < (:at, :id)';
    const order = ofLicense ? 'id DESC' : 'at DESC, id DESC';
    const window = `SELECT * FROM (SELECT * FROM attempts WHERE ${base} ORDER BY ${order} LIMIT ${rowsPerWindow})`;
    const edge = `SELECT at, id FROM attempts WHERE ${base} ORDER BY ${order} LIMIT 1 OFFSET ${rowsPerWindow - 1}`;
    const rows = `${window} WHERE ${filtersOf(query)} ORDER BY ${order} LIMIT :limit`;
    const params = {
      guild: guildId,
      since: query.since?.getTime() ?? 0,
      license: query.licenseId ?? null,
      result: query.result ?? null,
      protocol: query.protocol ?? null,
      ip: query.ip ?? null,
      hwid: query.hwid ?? null,
      product: query.productId ?? null,
    };
    const found = await scan(store, start, page.limit, (from, limit): Window<Row, Position> => {
      const at = { ...params, at: from.at, id: from.id };
      const end = run(edge, at)[0];
      return { found: run(rows, { ...at, limit }), next: end ? positionIn(end) : null };
    });
    return found.map(attemptColumns.fromRow);
  }

  return {
    attempts: search,

    // SQLite has one writer at a time, so ids ascend in the order of commits: no lower id is committed later.
    attemptsAfter: (id, limit) =>
      store.read(() => {
        const rows = store.statement('SELECT * FROM attempts WHERE id > ? ORDER BY id LIMIT ?').all(id, limit);
        return rows.map(attemptColumns.fromRow);
      }),

    attemptCounts: (guildId, since) =>
      store.read(() => {
        const sql = 'SELECT * FROM attempt_counts WHERE guild_id = ? AND minute >= ? ORDER BY minute, protocol, result';
        return store
          .statement(sql)
          .all(guildId, since.getTime())
          .map(({ minute, protocol, result, count }) => {
            return { guildId, minute: new Date(minute as number), protocol, result, count } as AttemptCount;
          });
      }),

    countClients: async (guildId, productId, since, isDenied) => {
      const sql = `SELECT at, id, license_id, product_id, result, version FROM attempts
        WHERE guild_id = :guild AND at <= :at AND at >= :since AND (at, id) < (:at, :id)
        ORDER BY at DESC, id DESC LIMIT ${rowsPerWindow}`;
      const licenses = new Set<number>();
      await scan(store, newest, Infinity, (from): Window<never, Position> => {
        const rows = run(sql, { guild: guildId, since: since.getTime(), at: from.at, id: from.id });
        for (const { result, product_id: rowProductId, license_id: licenseId, version } of rows) {
          if (result !== 'granted' || rowProductId !== productId || licenseId === null) continue;
          if (!licenses.has(licenseId as number) && isDenied(version as string | null))
            licenses.add(licenseId as number);
        }
        const last = rows.length < rowsPerWindow ? undefined : rows.at(-1);
        return { found: [], next: last ? positionIn(last) : null };
      });
      return licenses.size;
    },
  };
}
