import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { foldName, foldSearched } from '../../../domain/values/text.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import { statesOf } from '../../listed-states.ts';
import { hasPart, lookupOf, type PartLookup } from '../../text-grams.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan, type Window } from '../steps.ts';
import { manySql, type Source, sourcesOf } from './search-sources.ts';
import { isForProduct } from './further-products.ts';
import { isInState } from './state-conditions.ts';
import { blockStart, matchIn } from './text-index.ts';

const boundTo = (table: string) =>
  `SELECT 1 FROM ${table} WHERE license_id = licenses.id AND kind = :kind AND value = :value AND released_at IS NULL`;
const isBound = `(EXISTS (${boundTo('slots')}) OR EXISTS (${boundTo('observed_values')}))`;
/** How many rows the first window has at least, and how many a window has in which texts are compared. */
const minRowsPerWindow = 64;
const textsPerWindow = 250;

function filtersOf(query: LicenseQuery): string {
  const filters: readonly (readonly [asked: boolean, filter: string])[] = [
    [query.keySuffix !== undefined, 'key_suffix = :suffix COLLATE NOCASE'],
    [query.order !== undefined, 'order_folded = :order'],
    [query.ownerId !== undefined, 'owner_id = :owner'],
    [query.customerId !== undefined, 'customer_id = :customer'],
    [query.productId !== undefined, isForProduct],
    [query.staff !== undefined, 'staff = :staff'],
    [query.expiresBefore !== undefined, 'expires_at <= :expires'],
    [query.binding !== undefined, isBound],
    [query.hold !== undefined, "EXISTS (SELECT 1 FROM json_each(holds) WHERE value ->> 'kind' = :hold)"],
    [query.text !== undefined, 'has_part(name, note, order_ref, :text)'],
  ];
  const asked = filters.filter(([isAsked]) => isAsked).map(([, filter]) => filter);
  return ['guild_id = :guild', isInState(statesOf(query)), ...asked].join(' AND ');
}

/** Defines the SQL function `has_part(name, note, order, part)`. */
export function defineHasPart(store: SqliteStore): void {
  const textOf = (value: unknown) => (typeof value === 'string' ? value : null);
  store.writeConnection.function('has_part', { deterministic: true }, (name, note, order, part) =>
    Number(hasPart({ name: textOf(name), note: textOf(note), order: textOf(order) }, String(part))),
  );
}

/** Prepares a statement that uses only some of the parameters. */
export function prepare(store: SqliteStore, sql: string): StatementSync {
  const statement = store.statement(sql);
  statement.setAllowUnknownNamedParameters(true);
  return statement;
}

export function paramsOf(store: SqliteStore, guildId: string, query: LicenseQuery): Record<string, SQLInputValue> {
  return {
    guild: guildId,
    now: store.now().getTime(),
    suffix: query.keySuffix ?? null,
    order: query.order === undefined ? null : foldName(query.order),
    owner: query.ownerId ?? null,
    customer: query.customerId ?? null,
    product: query.productId ?? null,
    kind: query.binding?.kind ?? null,
    value: query.binding?.value ?? null,
    text: query.text === undefined ? null : foldSearched(query.text),
    staff: Number(query.staff ?? false),
    hold: query.hold ?? null,
    expires: query.expiresBefore?.getTime() ?? null,
  };
}

export function deletedProducts(store: SqliteStore, guildId: string): readonly number[] {
  const sql = 'SELECT id FROM products WHERE guild_id = ? AND deleted_at IS NOT NULL';
  return store
    .statement(sql)
    .all(guildId)
    .map(({ id }) => id as number);
}

/**
 * Runs `SELECT ${select}` over the licenses that a query finds, newest first; `select` may be an aggregate. It goes from window to window through the index
 * that has the fewest of them, so that no search holds up checks for long, whatever it has to pass over. An aggregate
 * is that of one window.
 */
export function searchLicenses(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery,
  { select, beforeId, limit }: { readonly select: string; readonly beforeId: number | null; readonly limit: number },
): Promise<readonly Row[]> {
  const params = paramsOf(store, guildId, query);
  const gone = query.state === 'deleted' ? deletedProducts(store, guildId) : [];
  for (const [index, id] of gone.entries()) params[`gone${index}`] = id;
  const run = (sql: string) => prepare(store, sql);
  const lookup = query.text === undefined ? null : lookupOf(params.text as string);
  if (lookup?.type === 'prefix' && lookup.prefix === '') return Promise.resolve([]);
  const isByText = lookup !== null && isNarrowest(query);
  const sources: readonly Source[] = isByText
    ? [{ id: 'rowid', from: 'license_texts WHERE license_texts MATCH :match' }]
    : sourcesOf(query, {
        isFew: (from) => run(manySql(from)).get(params)?.many === 0,
        deletedProducts: gone.map((_, index) => `:gone${index}`),
      });
  if (sources.length === 0) return Promise.resolve([]);

  const ids = sources.map(
    ({ id, from, also }) =>
      `SELECT ${id} FROM ${from} AND ${id} < :before AND ${id} >= :from ${also === undefined ? '' : `AND ${also}`}`,
  );
  const rows = `SELECT ${select} FROM licenses NOT INDEXED WHERE id IN (${ids.join(' UNION ALL ')})
    AND ${filtersOf(query)} ORDER BY id DESC LIMIT :limit`;
  const maxRows = lookup === null ? rowsPerWindow : textsPerWindow;
  let size = Math.min(maxRows, Math.max(minRowsPerWindow, 2 * limit));

  function read(before: number, wanted: number): Window<Row, number> {
    const lowest = isByText ? enterBlock(before, lookup) : 0;
    if (lowest === null) return { found: [], next: null };
    const ends = sources.map(({ id, from }) => {
      const sql = `SELECT ${id} AS id FROM ${from} AND ${id} < :before ORDER BY ${id} DESC LIMIT 1 OFFSET :skip`;
      return (run(sql).get({ ...params, before, skip: size - 1 })?.id as number | undefined) ?? lowest;
    });
    const from = Math.max(...ends, lowest);
    size = Math.min(maxRows, 4 * size);
    const found = run(rows).all({ ...params, before, from, limit: Math.min(wanted, Number.MAX_SAFE_INTEGER) });
    return { found, next: from > 0 ? from : null };
  }

  /** Goes to the guild's newest license before the id, and returns the first id of its block. null: there is none. */
  function enterBlock(before: number, lookup: PartLookup): number | null {
    const newest = `SELECT id FROM licenses INDEXED BY licenses_guild
      WHERE guild_id = :guild AND id < :before ORDER BY id DESC LIMIT 1`;
    const id = run(newest).get({ ...params, before })?.id as number | undefined;
    if (id === undefined) return null;
    params.match = matchIn(guildId, id, lookup);
    return blockStart(id);
  }

  return scan(store, beforeId ?? Number.MAX_SAFE_INTEGER, limit, read);
}

/** Whether no other part of the query finds fewer licenses than its text does. */
function isNarrowest({ keySuffix, order, ownerId, customerId, binding }: LicenseQuery): boolean {
  return [keySuffix, order, ownerId, customerId, binding].every((each) => each === undefined);
}
