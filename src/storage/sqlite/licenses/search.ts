import type { SQLInputValue } from 'node:sqlite';
import type { LicenseState } from '../../../domain/license.ts';
import { foldName } from '../../../domain/values/text.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan } from '../steps.ts';

const isNotDeleted =
  'deleted_at IS NULL AND product_id IN (SELECT id FROM products WHERE guild_id = :guild AND deleted_at IS NULL)';
/** The conditions of `licenseState` in the domain, in the same order. */
const stateConditions: Readonly<Record<LicenseState, string>> = {
  deleted: `NOT (${isNotDeleted})`,
  suspended: `${isNotDeleted} AND suspended_at IS NOT NULL`,
  off: `${isNotDeleted} AND suspended_at IS NULL AND switched_off = 1`,
  expired: `${isNotDeleted} AND suspended_at IS NULL AND switched_off = 0 AND expires_at <= :now`,
  active: `${isNotDeleted} AND suspended_at IS NULL AND switched_off = 0 AND (expires_at IS NULL OR expires_at > :now)`,
};
const boundTo = (table: string) =>
  `SELECT license_id FROM ${table} WHERE kind = :kind AND value = :value AND released_at IS NULL`;
const isBound = `id IN (${boundTo('slots')} UNION ${boundTo('observed_values')})`;

/**
 * The narrowest condition of the query, with the index that returns its rows in the order of ids: no page is sorted.
 */
function baseOf(query: LicenseQuery): string {
  const ofGuild = (index: string, condition: string) =>
    `licenses INDEXED BY ${index} WHERE guild_id = :guild AND ${condition}`;
  if (query.keySuffix !== undefined) return ofGuild('licenses_suffix', 'key_suffix = :suffix COLLATE NOCASE');
  if (query.order !== undefined) return ofGuild('licenses_order', 'order_folded = :order');
  if (query.ownerId !== undefined) return ofGuild('licenses_owner', 'owner_id = :owner');
  if (query.binding) return `licenses WHERE guild_id = :guild AND ${isBound}`;
  if (query.productId !== undefined) return ofGuild('licenses_product', 'product_id = :product');
  return ofGuild('licenses_guild', 'TRUE');
}

function filtersOf(query: LicenseQuery): string {
  const filters: readonly (readonly [asked: boolean, filter: string])[] = [
    [query.order !== undefined, 'order_folded = :order'],
    [query.ownerId !== undefined, 'owner_id = :owner'],
    [query.productId !== undefined, 'product_id = :product'],
    [query.binding !== undefined, isBound],
    [
      query.text !== undefined,
      '(contains_text(name, :text) OR contains_text(note, :text) OR contains_text(order_ref, :text))',
    ],
    [query.staff !== undefined, 'staff = :staff'],
    [query.active !== undefined, query.active === false ? `NOT (${stateConditions.active})` : stateConditions.active],
    [query.expiresBefore !== undefined, 'expires_at <= :expires'],
  ];
  const asked = filters.filter(([isAsked]) => isAsked).map(([, filter]) => filter);
  return [query.state ? stateConditions[query.state] : isNotDeleted, ...asked].join(' AND ');
}

/** Defines the SQL function `contains_text(text, part)`: in any letter case of any script, and without wildcards. */
export function defineContainsText(store: SqliteStore): void {
  store.writeConnection.function('contains_text', { deterministic: true }, (text, part) =>
    typeof text === 'string' && text.toLowerCase().includes(String(part).toLowerCase()) ? 1 : 0,
  );
}

/**
 * Runs `SELECT ${select}` over the licenses that a query finds, newest first, window by window. `select` may be an
 * aggregate.
 */
export function searchLicenses(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery,
  what: {
    readonly select: string;
    readonly groupBy?: string;
    readonly beforeId: number | null;
    readonly limit: number;
  },
): Promise<readonly Row[]> {
  const base = baseOf(query);
  const boundary = `SELECT id FROM ${base} AND id < :before ORDER BY id DESC LIMIT 1 OFFSET ${rowsPerWindow - 1}`;
  const rows = `SELECT ${what.select} FROM ${base} AND id < :before AND id >= :from
    AND ${filtersOf(query)} ${what.groupBy ? `GROUP BY ${what.groupBy}` : 'ORDER BY id DESC'} LIMIT :limit`;
  const params: Record<string, SQLInputValue> = {
    guild: guildId,
    now: store.now().getTime(),
    suffix: query.keySuffix ?? null,
    order: query.order === undefined ? null : foldName(query.order),
    owner: query.ownerId ?? null,
    product: query.productId ?? null,
    kind: query.binding?.kind ?? null,
    value: query.binding?.value ?? null,
    text: query.text ?? null,
    staff: Number(query.staff ?? false),
    expires: query.expiresBefore?.getTime() ?? null,
  };
  const run = (sql: string) => {
    const statement = store.statement(sql);
    // Each query uses only some of the parameters.
    statement.setAllowUnknownNamedParameters(true);
    return statement;
  };

  return scan(store, what.beforeId ?? Number.MAX_SAFE_INTEGER, what.limit, (before, wanted) => {
    const end = run(boundary).get({ ...params, before });
    const from = end ? (end.id as number) : 0;
    const limit = Math.min(wanted, Number.MAX_SAFE_INTEGER);
    return { found: run(rows).all({ ...params, before, from, limit }), next: end ? from : null };
  });
}
