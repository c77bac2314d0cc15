import { entriesOf, isByState, type ListedEntries, statesOf } from '../../listed-states.ts';
import { exceptionsOf, findIdAt, searchIdAt } from '../../listed-position.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { scan } from '../steps.ts';
import { readMisfiledEnds } from './counts.ts';
import { deletedProducts, paramsOf, prepare, searchLicenses } from './search.ts';
import { aliveProducts } from './state-conditions.ts';

/** How many entries of the index one window passes over: 2 ms, up to 5 where they are in no cache. */
const entriesPerWindow = 5_000;

/**
 * The id at a position of the list that a query finds, 1 being the newest. By state alone positions are
 * counted in an index without reading licenses: 0.4 µs for each of them, where reading and decoding takes 16.
 */
export async function licenseIdAt(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery,
  position: number,
): Promise<number | null> {
  const ends = isByIndex(query) ? await store.read(() => readMisfiledEnds(store, guildId, query)) : null;
  if (ends === null) {
    return searchIdAt(position, async (page) => {
      const found = await searchLicenses(store, guildId, query, { select: 'id', ...page });
      return found.map(({ id }) => id as number);
    });
  }
  return findIdAt(position, exceptionsOf(query, ends), (skip, limit) =>
    readEntries(store, guildId, query, skip, limit),
  );
}

/**
 * Deleted licenses are in another index where their product is deleted, and are removed after a month; those that are for
 * a product besides their main one are in others, too.
 */
function isByIndex(query: LicenseQuery): boolean {
  return isByState(query) && query.state !== 'deleted' && query.productId === undefined;
}

/** Ids of the index by state, newest first, after `skip` of them were passed over. */
async function readEntries(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery,
  skip: number,
  limit: number,
): Promise<readonly number[]> {
  const hasGone = (await store.read(() => deletedProducts(store, guildId))).length > 0;
  const isListed = hasGone ? `product_id IN ${aliveProducts}` : 'TRUE';
  const entries = statesOf(query)
    .flatMap((state): readonly ListedEntries[] => entriesOf[state])
    .map(
      ({ as, isEndProcessed }) => `SELECT id, product_id FROM licenses INDEXED BY licenses_state
        WHERE guild_id = :guild AND listed_as = '${as}' AND expiry_notified = ${Number(isEndProcessed)} AND id < :before`,
    );
  if (entries.length === 0) return [];
  // SQLite merges the parts, each of which is in this order, without sorting.
  const window = `SELECT * FROM (${entries.join(' UNION ALL ')}) ORDER BY id DESC LIMIT ${entriesPerWindow}`;
  const count = `SELECT count(*) FILTER (WHERE ${isListed}) AS listed, count(*) AS read, min(id) AS next FROM (${window})`;
  const list = `SELECT id FROM (${window}) WHERE ${isListed} ORDER BY id DESC LIMIT :limit OFFSET :skip`;
  const params = paramsOf(store, guildId, query);
  let left = skip;
  return scan(store, Number.MAX_SAFE_INTEGER, limit, (before, wanted) => {
    const { listed, read, next } = prepare(store, count).get({ ...params, before }) as Record<string, number>;
    const passed = Math.min(left, listed ?? 0);
    const isNeeded = passed < (listed ?? 0);
    const found = isNeeded ? prepare(store, list).all({ ...params, before, skip: left, limit: wanted }) : [];
    left -= passed;
    return { found: found.map(({ id }) => id as number), next: read === entriesPerWindow ? (next ?? null) : null };
  });
}
