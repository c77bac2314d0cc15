import type { LicenseState } from '../../../domain/license.ts';
import { entriesOf, maxExceptions, statesOf } from '../../listed-states.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import { lookupOf } from '../../text-grams.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import type { Filter, GuildProducts } from './state-filters.ts';

type IndexKey = Readonly<Record<string, 1 | -1>>;

/** The licenses that match the filter, in the order that an index has them. */
export interface Source {
  readonly filter: Filter;
  readonly hint: IndexKey;
}

const byGuild: IndexKey = { guildId: 1, id: -1 };
const byProduct: IndexKey = { productId: 1, id: -1 };
const byGram: IndexKey = { guildId: 1, grams: 1, id: -1 };
export const byState: IndexKey = { guildId: 1, listedAs: 1, expiryNotified: 1, id: -1, productId: 1 };
export const bySlot: IndexKey = { guildId: 1, 'slots.kind': 1, 'slots.value': 1, id: -1 };
/** How many licenses of a gram are counted to find out which gram has the fewest. */
const maxGramCount = 1_000;

/** The licenses with such an end that was processed, or was not; each of the two has an index. */
export function endsOf(expiresAt: object, isProcessed: boolean): Source {
  return {
    filter: { expiryNotified: isProcessed, expiresAt: { ...expiresAt, $type: 'date' } },
    hint: isProcessed ? { expiresAt: -1 } : { expiresAt: 1 },
  };
}

export async function isFew({ models }: MongoStore, { filter, hint }: Source): Promise<boolean> {
  const licenses = collectionOf(models.licenses);
  return (await licenses.countDocuments(filter as object, { hint, limit: maxExceptions + 1 })) <= maxExceptions;
}

/** The sources that have the fewest licenses besides those of the query, which has no binding and no text. */
export async function sourcesOf(
  store: MongoStore,
  query: LicenseQuery,
  products: GuildProducts,
): Promise<readonly Source[]> {
  const { keySuffix, order, ownerId, customerId, productId, staff, expiresBefore, state, active } = query;
  if (keySuffix !== undefined) return [{ filter: {}, hint: { guildId: 1, keySuffixFolded: 1, id: -1 } }];
  if (order !== undefined) return [{ filter: {}, hint: { guildId: 1, orderFolded: 1, id: -1 } }];
  if (ownerId !== undefined) return [{ filter: {}, hint: { ownerId: 1, id: -1 } }];
  if (customerId !== undefined) return [{ filter: {}, hint: { customerId: 1, id: -1 } }];
  if (expiresBefore !== undefined) {
    const ending = [endsOf({ $lte: expiresBefore }, false), endsOf({ $lte: expiresBefore }, true)];
    const few = await Promise.all(ending.map((source) => isFew(store, source)));
    if (few.every(Boolean)) return ending;
  }
  if (staff === true) return [{ filter: {}, hint: { guildId: 1, staff: 1, id: -1 } }];
  if (state !== undefined || active !== undefined) {
    const ofStates = statesOf(query).map((each) => sourcesOfState(store, each, products));
    return (await Promise.all(ofStates)).flat();
  }
  return [{ filter: {}, hint: productId === undefined ? byGuild : byProduct }];
}

async function sourcesOfState(
  store: MongoStore,
  state: LicenseState,
  { deleted }: GuildProducts,
): Promise<readonly Source[]> {
  const listed = (listedAs: string, expiryNotified: boolean): Source => ({
    filter: { listedAs, expiryNotified } as Filter,
    hint: byState,
  });
  const entries = entriesOf[state].map(({ as, isEndProcessed }) => listed(as, isEndProcessed));
  if (state === 'deleted') return [...entries, { filter: { productId: { $in: deleted } }, hint: byProduct }];
  if (state !== 'expired' && state !== 'active') return entries;
  const isActive = state === 'active';
  const exceptions = endsOf(isActive ? { $gt: store.now() } : { $lte: store.now() }, isActive);
  return [...entries, (await isFew(store, exceptions)) ? exceptions : listed('on', isActive)];
}

/** The sources for a part of a text. What it finds is compared in the program afterwards. */
export async function sourcesOfText(
  { models }: MongoStore,
  guildId: string,
  foldedPart: string,
): Promise<readonly Source[]> {
  const licenses = collectionOf(models.licenses);
  const count = (grams: object | string, limit: number) =>
    licenses.countDocuments({ guildId, grams }, { hint: byGram, limit });
  const lookup = lookupOf(foldedPart);
  if (lookup.type === 'prefix') {
    const begins = { $elemMatch: { $gte: lookup.prefix, $lt: `${lookup.prefix}\u{10ffff}\u{10ffff}\u{10ffff}` } };
    const found = await count(begins, maxExceptions + 1);
    // The index has them in the order of the grams: few are sorted, and of many the newest are soon found without it.
    return [{ filter: { grams: begins }, hint: found > maxExceptions ? byGuild : byGram }];
  }
  const counts = await Promise.all(
    lookup.grams.map(async (gram) => ({ gram, found: await count(gram, maxGramCount) })),
  );
  const [rarest] = counts.sort((a, b) => a.found - b.found);
  if (!rarest || rarest.found === 0) return [];
  const others = lookup.grams.filter((gram) => gram !== rarest.gram);
  // An expression, so that MongoDB does not look up one of the other grams instead.
  const hasOthers = { $expr: { $setIsSubset: [{ $literal: others }, '$grams'] } };
  return [{ filter: { grams: rarest.gram, ...hasOthers }, hint: byGram }];
}
