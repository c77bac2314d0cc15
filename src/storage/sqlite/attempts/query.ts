import type { SQLInputValue } from 'node:sqlite';
import type { AttemptQuery } from '../../port/attempts.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { attemptColumns } from './attempt-columns.ts';

export type Params = Readonly<Record<string, SQLInputValue>>;
type Filter = readonly [isAsked: boolean, sql: string];

/** The columns of `attempts a`. */
export const attemptNames = attemptColumns.names.map((name) => `a.${name}`).join(', ');

const joined = (filters: readonly Filter[]) =>
  ['TRUE', ...filters.filter(([isAsked]) => isAsked).map(([, sql]) => sql)].join(' AND ');

function countedFilters({ result, protocol, productId }: AttemptQuery): readonly Filter[] {
  return [
    [result !== undefined, result === 'denied' ? "result <> 'granted'" : 'result = :result'],
    [protocol !== undefined, 'protocol = :protocol'],
    [productId !== undefined, 'product_id = :product'],
  ];
}

/** The part of a query that the statistics can answer too, as SQL for both tables. null: the query has no such part. */
export function countedFilterOf(query: AttemptQuery): string | null {
  const filters = countedFilters(query);
  return filters.some(([isAsked]) => isAsked) ? joined(filters) : null;
}

/** Everything but guild, license and time. */
export function filterOf(query: AttemptQuery): string {
  return joined([
    ...countedFilters(query),
    [query.ip !== undefined, '(declared_ip = :ip OR observed_ip = :ip)'],
    [query.hwid !== undefined, 'hwid = :hwid'],
    [query.quiet !== true, 'quiet = 0'],
  ]);
}

export function paramsOf(guildId: string, query: AttemptQuery): Params {
  return {
    guild: guildId,
    since: query.since?.getTime() ?? 0,
    license: query.licenseId ?? null,
    result: query.result ?? null,
    protocol: query.protocol ?? null,
    ip: query.ip ?? null,
    hwid: query.hwid ?? null,
    product: query.productId ?? null,
  };
}

/** Returns a function that runs a query with more named parameters than it uses. */
export function createRun(store: SqliteStore): (sql: string, params: Params) => readonly Row[] {
  return (sql, params) => {
    const statement = store.statement(sql);
    statement.setAllowUnknownNamedParameters(true);
    return statement.all(params);
  };
}
