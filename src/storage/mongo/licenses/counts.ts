import { entriesOf, isAnyButDeleted, isByState, type ListedEntries, statesOf } from '../../listed-states.ts';
import type { MisfiledEnds } from '../../listed-position.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { ProductLicenses } from '../../port/products.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { searchLicenses } from './search.ts';
import { byState, endsOf, isFew } from './search-sources.ts';
import { countFurther } from './further-products.ts';
import { type Filter, type GuildProducts, isInState, readProducts, type Source } from './state-filters.ts';

const byOwner = { productId: 1, listedAs: 1, ownerId: 1 } as const;
const notDeleted = ['suspended', 'off', 'on'] as const;

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
    const ends = await readMisfiledEnds(store, guildId, query, products);
    if (ends === null) return null;
    const excess = ends.late.length - ends.early.length;
    counts.push(expired ? excess : -excess);
  }
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Where no product is deleted, MongoDB counts without a look at the products of the licenses. */
export function isAlive({ alive, deleted }: GuildProducts): Filter {
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

/** Those of a query by state and product. null: there are too many of either. */
export async function readMisfiledEnds(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  { alive }: GuildProducts,
): Promise<MisfiledEnds | null> {
  const listed = { guildId, unpublished: null, listedAs: 'on', productId: { $in: alive } };
  async function read(ends: Source): Promise<readonly number[] | null> {
    if (!(await isFew(store, ends))) return null;
    return readIds(store, { filter: { $and: [ends.filter, listed, ofProduct(query)] } as Filter, hint: ends.hint });
  }
  const late = await read(endsOf({ $lte: store.now() }, false));
  const early = await read(endsOf({ $gt: store.now() }, true));
  return late === null || early === null ? null : { late, early };
}

/** The ids of all licenses that the source has, of which there must be few. */
export async function readIds({ models }: MongoStore, { filter, hint }: Source): Promise<readonly number[]> {
  const found = await collectionOf(models.licenses)
    .find(filter as object, { hint })
    .project<{ readonly id: number }>({ _id: 0, id: 1 })
    .toArray();
  return found.map(({ id }) => id);
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
  const existing = { productId, listedAs: { $in: [...notDeleted] } };
  const isHidden = await licenses.exists({ ...existing, unpublished: { $gte: '' } }).hint({ unpublished: 1 });
  // One by one, because MongoDB takes twice as long to count a million licenses of several states at once.
  const counting = notDeleted.map((listedAs) =>
    countPublished(store, { filter: { productId, listedAs }, hint: byOwner }),
  );
  const [counts, owners] = await Promise.all([
    Promise.all(counting),
    licenses
      .aggregate<{ readonly count: number }>([
        // The index alone answers this, unless some licenses are not published.
        { $match: { ...existing, ownerId: { $gte: '' }, ...(isHidden ? { unpublished: null } : {}) } },
        { $group: { _id: '$ownerId' } },
        { $count: 'count' },
      ])
      .hint(byOwner),
  ]);
  return { licenses: counts.reduce((sum, count) => sum + count, 0), owners: owners[0]?.count ?? 0 };
}
