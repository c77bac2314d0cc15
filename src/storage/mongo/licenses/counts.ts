import { entriesOf, isAnyButDeleted, isByState, type ListedEntries, statesOf } from '../../listed-states.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { ProductLicenses } from '../../port/products.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { searchLicenses } from './search.ts';
import { byState, endsOf, isFew } from './search-sources.ts';
import { countFurther } from './further-products.ts';
import { type Filter, type GuildProducts, isInState, readProducts, type Source } from './state-filters.ts';

const byOwner = { productId: 1, listedAs: 1, ownerId: 1 } as const;
const notDeleted = { $in: ['suspended', 'off', 'on'] } as const;

/** How many licenses a query finds. By state and product alone they are counted in an index, without reading them. */
export async function countFound(store: MongoStore, guildId: string, query: LicenseQuery): Promise<number> {
  const counted = isByState(query) ? await countByState(store, guildId, query) : null;
  if (counted !== null) return counted;
  const counts = await searchLicenses(store, guildId, query, { beforeId: null, limit: Infinity }, (found) => [
    found.length,
  ]);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** null: too many ends are not processed yet for the index to count by. */
async function countByState(store: MongoStore, guildId: string, query: LicenseQuery): Promise<number | null> {
  const { productId } = query;
  const products = await readProducts(store.models, guildId);
  const count = await countByMainProduct(store, guildId, query, products);
  if (count === null || productId === undefined) return count;
  const states = statesOf(query);
  if (states.length === 0) return count;
  return count + (await countFurther(store, guildId, productId, products, isInState(states, products, store.now())));
}

/** As `countByState`, but only of licenses whose main product is the query's. */
async function countByMainProduct(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  products: GuildProducts,
): Promise<number | null> {
  const { productId } = query;
  const states = statesOf(query);
  if (productId !== undefined && isAnyButDeleted(states)) {
    return products.alive.includes(productId) ? (await countOfMain(store, productId)).licenses : 0;
  }
  const entries = states.flatMap((state): readonly ListedEntries[] => entriesOf[state]);
  const counts = await Promise.all(
    entries.map(({ as, isEndProcessed }) => {
      const isCounted = { guildId, listedAs: as, expiryNotified: isEndProcessed };
      const alive = as === 'deleted' ? {} : isAlive(products);
      return countPublished(store, { filter: { $and: [isCounted, alive, ofProduct(query)] }, hint: byState });
    }),
  );
  if (states.includes('deleted')) {
    for (const id of products.deleted.filter((each) => each === (productId ?? each))) {
      counts.push((await countOfMain(store, id)).licenses);
    }
  }
  const [expired, running] = [states.includes('expired'), states.includes('active')];
  if (expired !== running) {
    const late = await countEnds(store, guildId, query, products, endsOf({ $lte: store.now() }, false));
    const early = await countEnds(store, guildId, query, products, endsOf({ $gt: store.now() }, true));
    if (late === null || early === null) return null;
    counts.push(expired ? late - early : early - late);
  }
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Where no product is deleted, MongoDB counts without a look at the products of the licenses. */
function isAlive({ alive, deleted }: GuildProducts): Filter {
  return deleted.length === 0 ? {} : { productId: { $in: alive } };
}

function ofProduct({ productId }: LicenseQuery): Filter {
  return productId === undefined ? {} : { productId };
}

/**
 * Counts licenses in an index that does not know which are published. Those that are not are few, and have an index of
 * their own.
 */
async function countPublished({ models }: MongoStore, { filter, hint }: Source): Promise<number> {
  const licenses = collectionOf(models.licenses);
  const unpublished = { $and: [{ unpublished: { $gte: '' } }, filter] };
  const [all, hidden] = await Promise.all([
    licenses.countDocuments(filter as object, { hint }),
    licenses.countDocuments(unpublished as object, { hint: { unpublished: 1 } }),
  ]);
  return all - hidden;
}

/** Licenses that `expiryNotified` makes out to be of another state. null: there are too many. */
async function countEnds(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  { alive }: GuildProducts,
  ends: Source,
): Promise<number | null> {
  if (!(await isFew(store, ends))) return null;
  const listed = { guildId, unpublished: null, listedAs: 'on', productId: { $in: alive } };
  const filter = { $and: [ends.filter, listed, ofProduct(query)] };
  return collectionOf(store.models.licenses).countDocuments(filter as object, { hint: ends.hint });
}

/** `countLicenses` of the port. */
export async function countLicenses(store: MongoStore, guildId: string, productId: number): Promise<ProductLicenses> {
  const products = await readProducts(store.models, guildId);
  if (![...products.alive, ...products.deleted].includes(productId)) return { licenses: 0, owners: 0, further: 0 };
  const isCounted = isInState(statesOf({}), products, store.now());
  const [main, further] = await Promise.all([
    countOfMain(store, productId),
    countFurther(store, guildId, productId, products, isCounted),
  ]);
  return { ...main, further };
}

/** How many licenses of a main product are not deleted themselves, and how many distinct owners these have. */
async function countOfMain(store: MongoStore, productId: number) {
  const { licenses } = store.models;
  const existing = { productId, listedAs: notDeleted };
  const isHidden = await licenses.exists({ ...existing, unpublished: { $gte: '' } }).hint({ unpublished: 1 });
  const [count, owners] = await Promise.all([
    countPublished(store, { filter: existing, hint: byOwner }),
    licenses
      .aggregate<{ readonly count: number }>([
        // The index alone answers this, unless some licenses are not published.
        { $match: { ...existing, ownerId: { $gte: '' }, ...(isHidden ? { unpublished: null } : {}) } },
        { $group: { _id: '$ownerId' } },
        { $count: 'count' },
      ])
      .hint(byOwner),
  ]);
  return { licenses: count, owners: owners[0]?.count ?? 0 };
}
