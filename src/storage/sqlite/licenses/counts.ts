import { entriesOf, isAnyButDeleted, isByState, type ListedEntries, statesOf } from '../../listed-states.ts';
import type { MisfiledEnds } from '../../listed-position.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { scan } from '../steps.ts';
import { everyProduct, isForEvery } from './further-products.ts';
import { deletedProducts, paramsOf, prepare, searchLicenses } from './search.ts';
import { earlyEnds, manySql, unprocessedEnds } from './search-sources.ts';
import { aliveProducts, isInState } from './state-conditions.ts';

/** How many entries of an index are counted in one window: some milliseconds. */
const entriesPerWindow = 5_000;
/** The same where distinct owners are counted. */
const ownedPerWindow = 2_000;
/** The same where the license of each entry is read. */
const licensesPerWindow = 1_000;

/** How many licenses a query finds. By state and product alone they are counted in an index, without reading them. */
export async function countFound(store: SqliteStore, guildId: string, query: LicenseQuery): Promise<number> {
  const counted = isByState(query) ? await countByState(store, guildId, query) : null;
  if (counted !== null) return counted;
  const what = { select: 'count(*) AS count', beforeId: null, limit: Infinity };
  const counts = await searchLicenses(store, guildId, query, what);
  return counts.reduce((sum, window) => sum + (window.count as number), 0);
}

/** null: too many ends are not processed yet for the index to count by. */
async function countByState(store: SqliteStore, guildId: string, query: LicenseQuery): Promise<number | null> {
  const count = await countByMainProduct(store, guildId, query);
  const { productId } = query;
  return count === null || productId === undefined
    ? count
    : count + (await countFurther(store, guildId, { ...query, productId }));
}

/** As `countByState`, but only of licenses whose main product is the query's. */
async function countByMainProduct(store: SqliteStore, guildId: string, query: LicenseQuery): Promise<number | null> {
  const states = statesOf(query);
  const gone = await store.read(() => deletedProducts(store, guildId));
  if (query.productId !== undefined && isAnyButDeleted(states)) {
    return gone.includes(query.productId) ? 0 : (await countOfMain(store, guildId, query.productId)).licenses;
  }
  let count = 0;
  for (const entries of states.flatMap((state): readonly ListedEntries[] => entriesOf[state])) {
    count += await countListed(store, guildId, query, entries, gone.length > 0);
  }
  if (states.includes('deleted')) {
    for (const id of gone.filter((each) => each === (query.productId ?? each))) {
      count += (await countOfMain(store, guildId, id)).licenses;
    }
  }
  const [expired, running] = [states.includes('expired'), states.includes('active')];
  if (expired === running) return count;
  const ends = await store.read(() => readMisfiledEnds(store, guildId, query));
  if (ends === null) return null;
  const excess = ends.late.length - ends.early.length;
  return count + (expired ? excess : -excess);
}

/** Counts the entries of `licenses_state` that have these values. Those of deleted products are other states. */
function countListed(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery,
  { as, isEndProcessed }: ListedEntries,
  areProductsDeleted: boolean,
): Promise<number> {
  const isAlive = as === 'deleted' || !areProductsDeleted ? 'TRUE' : `product_id IN ${aliveProducts}`;
  const entries = `SELECT id, product_id FROM licenses INDEXED BY licenses_state
    WHERE guild_id = :guild AND listed_as = :as AND expiry_notified = :isEndProcessed AND id < :before
    ORDER BY id DESC LIMIT ${entriesPerWindow}`;
  const sql = `SELECT count(*) FILTER (WHERE ${isAlive} AND ${isOfProduct(query)}) AS found,
    count(*) AS read, min(id) AS next FROM (${entries})`;
  const params = { ...paramsOf(store, guildId, query), as, isEndProcessed: Number(isEndProcessed) };
  return sumWindows(store, Number.MAX_SAFE_INTEGER, (before) => prepare(store, sql).get({ ...params, before }));
}

/** Those of a query by state and product, inside `read`. null: there are too many of either. */
export function readMisfiledEnds(store: SqliteStore, guildId: string, query: LicenseQuery): MisfiledEnds | null {
  const params = paramsOf(store, guildId, query);
  const [late = null, early = null] = [unprocessedEnds, earlyEnds].map((from) => {
    if (prepare(store, manySql(from)).get(params)?.many === 1) return null;
    const sql = `SELECT id FROM ${from} AND +guild_id = :guild AND listed_as = 'on'
      AND +product_id IN ${aliveProducts} AND ${isOfProduct(query)}`;
    return prepare(store, sql)
      .all(params)
      .map(({ id }) => id as number);
  });
  return late === null || early === null ? null : { late, early };
}

function isOfProduct({ productId }: LicenseQuery): string {
  return productId === undefined ? 'TRUE' : '+product_id = :product';
}

interface OwnedEntry {
  readonly owner_id: string;
  readonly id: number;
}

interface OwnedWindow {
  readonly licenses: number;
  readonly owners: number;
  readonly first: string;
}

/** `countLicenses` of the port. */
export async function countLicenses(store: SqliteStore, guildId: string, productId: number) {
  const counted = await countOfMain(store, guildId, productId);
  return { ...counted, further: await countFurther(store, guildId, { productId }) };
}

/** How many licenses in the query's states are for its product besides their main one. */
async function countFurther(
  store: SqliteStore,
  guildId: string,
  query: LicenseQuery & { readonly productId: number },
): Promise<number> {
  const entries = `SELECT license_id FROM license_products WHERE guild_id = :guild AND product_id = :of
    AND license_id > :after ORDER BY license_id LIMIT ${licensesPerWindow}`;
  const params = paramsOf(store, guildId, query);
  const countUnder = (of: number, isCounted: string) => {
    const sql = `SELECT count(*) FILTER (WHERE product_id <> :product AND ${isCounted} AND ${isInState(statesOf(query))})
      AS found, count(*) AS read, max(license_id) AS next FROM (${entries}) CROSS JOIN licenses ON id = license_id`;
    const read = (after: number) => prepare(store, sql).get({ ...params, of, after });
    return sumWindows(store, 0, read, licensesPerWindow);
  };
  // A license that is for every product may have further ones, too, for the time when it no longer is.
  return (await countUnder(query.productId, 'all_products = 0')) + (await countUnder(everyProduct, isForEvery));
}

/** How many licenses of a main product are not deleted themselves, and how many distinct owners these have. */
async function countOfMain(store: SqliteStore, guildId: string, productId: number) {
  const isOfGuild = store.statement('SELECT 1 FROM products WHERE id = ? AND guild_id = ?');
  if (!(await store.read(() => isOfGuild.get(productId, guildId)))) return { licenses: 0, owners: 0 };
  const entries = (condition: string, order: string) => `SELECT owner_id, id FROM licenses
    INDEXED BY licenses_product_owner WHERE product_id = ? AND deleted_at IS NULL AND ${condition} ORDER BY ${order}`;
  const unowned = `SELECT count(*) AS found, count(*) AS read, max(id) AS next
    FROM (${entries('owner_id IS NULL AND id > ?', 'id')} LIMIT ${entriesPerWindow})`;
  const licenses = await sumWindows(store, 0, (after) => store.statement(unowned).get(productId, after));
  // In the order of the owners, so that those that were counted need not be remembered.
  const owned = entries('(owner_id, id) > (?, ?)', 'owner_id, id');
  const sql = `SELECT count(*) AS licenses, count(DISTINCT owner_id) AS owners, min(owner_id) AS first
    FROM (${owned} LIMIT ${ownedPerWindow})`;
  const last = `${owned} LIMIT 1 OFFSET ${ownedPerWindow - 1}`;
  const counts = await scan(store, { owner: '', id: 0 }, Infinity, ({ owner, id }) => {
    const row = store.statement(sql).get(productId, owner, id) as unknown as OwnedWindow;
    const found = { licenses: row.licenses, owners: row.owners - Number(row.first === owner) };
    const end = store.statement(last).get(productId, owner, id) as unknown as OwnedEntry | undefined;
    return { found: [found], next: end ? { owner: end.owner_id, id: end.id } : null };
  });
  return {
    licenses: licenses + counts.reduce((sum, one) => sum + one.licenses, 0),
    owners: counts.reduce((sum, one) => sum + one.owners, 0),
  };
}

/** Adds up what windows of `size` entries find, each of which returns `found`, `read` and `next`. */
async function sumWindows(
  store: SqliteStore,
  start: number,
  read: (from: number) => Row | undefined,
  size = entriesPerWindow,
): Promise<number> {
  const counts = await scan(store, start, Infinity, (from) => {
    const window = read(from);
    const isLast = (window?.read as number) < size;
    return { found: [window?.found as number], next: isLast ? null : (window?.next as number) };
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
