import { entriesOf, isByState, statesOf } from '../../listed-states.ts';
import { exceptionsOf, findIdAt, searchIdAt } from '../../listed-position.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { isAlive, readIds, readMisfiledEnds } from './counts.ts';
import { searchLicenses } from './search.ts';
import { byState } from './search-sources.ts';
import { type Filter, readProducts } from './state-filters.ts';

/**
 * The id at a position of the list that a query finds, 1 being the newest. By state alone MongoDB passes over
 * entries of an index, and nothing but the id is sent.
 */
export async function licenseIdAt(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  position: number,
): Promise<number | null> {
  const states = statesOf(query);
  if (states.length === 0) return null;
  const products = await readProducts(store.models, guildId);
  const ends = isByIndex(query) ? await readMisfiledEnds(store, guildId, query, products) : null;
  if (ends === null) {
    return searchIdAt(position, (page) =>
      searchLicenses(store, guildId, query, page, (licenses) => licenses.map(({ id }) => id)),
    );
  }
  // MongoDB merges the parts, each of which the index has in the order of the ids.
  const entries = states.flatMap((state) =>
    entriesOf[state].map(({ as, isEndProcessed }) => ({ guildId, listedAs: as, expiryNotified: isEndProcessed })),
  );
  const filter: Filter = { $and: [{ $or: entries }, isAlive(products)] };
  // The index does not know which licenses are published. Those that are not are few, and have an index of their own.
  const unpublished: Filter = { $and: [{ unpublished: { $gte: '' } }, filter] };
  const hidden = await readIds(store, { filter: unpublished, hint: { unpublished: 1 } });
  const { omitted, added } = exceptionsOf(query, ends);
  const licenses = collectionOf(store.models.licenses);
  return findIdAt(position, { omitted: [...omitted, ...hidden], added }, async (skip, limit) => {
    const found = await licenses
      .find(filter as object, { hint: byState })
      .sort({ id: -1 })
      .skip(skip)
      .limit(limit)
      .project<{ readonly id: number }>({ _id: 0, id: 1 })
      .toArray();
    return found.map(({ id }) => id);
  });
}

/**
 * Deleted licenses are in another index where their product is deleted, and are removed after a month; those that are for
 * a product besides their main one are in others, too.
 */
function isByIndex(query: LicenseQuery): boolean {
  return isByState(query) && query.state !== 'deleted' && query.productId === undefined;
}
