import type { LicenseState } from '../../../domain/license.ts';
import { foldName, foldSearched } from '../../../domain/values/text.ts';
import { entriesOf, maxExceptions, statesOf } from '../../listed-states.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import { lookupOf, partGramsOf } from '../../text-grams.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { furtherSources } from './further-products.ts';
import type { Filter, GuildProducts, IndexKey, Source } from './state-filters.ts';

/** Sources that together have all licenses of a query, and may have others. */
interface Way {
  readonly sources: readonly Source[];
  /** What `reachOf` would find out, where it is known or would take long to find out. */
  readonly reach?: number;
}

const byGuild: IndexKey = { guildId: 1, id: -1 };
const byProduct: IndexKey = { productId: 1, id: -1 };
const byGram: IndexKey = { guildId: 1, grams: 1, id: -1 };
export const byState: IndexKey = { guildId: 1, listedAs: 1, expiryNotified: 1, id: -1, productId: 1 };
const bySlot: IndexKey = { guildId: 1, 'slots.kind': 1, 'slots.value': 1, id: -1 };
/** How many licenses of ways and of grams are looked at to find out which has the fewest. */
const comparedLicenses = 1_000;
/** Of longer parts some grams are left out. */
const maxComparedGrams = 24;

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

/** The sources that have the fewest licenses before an id; none: the query finds nothing. */
export async function sourcesOf(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  products: GuildProducts,
  before: number,
): Promise<readonly Source[]> {
  const { keySuffix, order, ownerId, customerId, binding, text, productId, staff, expiresBefore, state, active, hold } =
    query;
  const only = (filter: Filter, hint: IndexKey): readonly Source[] => [{ filter, hint }];
  if (keySuffix !== undefined) {
    return only({ guildId, keySuffixFolded: keySuffix.toUpperCase() }, { guildId: 1, keySuffixFolded: 1, id: -1 });
  }
  if (order !== undefined) {
    return only({ guildId, orderFolded: foldName(order) }, { guildId: 1, orderFolded: 1, id: -1 });
  }
  if (ownerId !== undefined) return only({ ownerId }, { ownerId: 1, id: -1 });
  if (customerId !== undefined) return only({ customerId }, { customerId: 1, id: -1 });
  const ways: Way[] = [];
  if (binding) ways.push({ sources: only({ guildId, ...isBound(binding) }, bySlot) });
  if (text !== undefined) {
    const way = await wayOfText(store, guildId, foldSearched(text), before);
    if (way === null) return [];
    ways.push(way);
  }
  if (expiresBefore !== undefined) {
    const ending = [endsOf({ $lte: expiresBefore }, false), endsOf({ $lte: expiresBefore }, true)];
    const few = await Promise.all(ending.map((source) => isFew(store, source)));
    if (few.every(Boolean)) ways.push({ sources: ending, reach: 0 });
  }
  if (staff === true) ways.push({ sources: only({ guildId, staff }, { guildId: 1, staff: 1, id: -1 }) });
  const main: Filter = productId === undefined ? {} : { productId };
  const further = productId === undefined ? [] : furtherSources(productId, products).map(ofGuild(guildId));
  if (state !== undefined || active !== undefined || hold !== undefined) {
    const ofStates = statesOf(query).map((each) => sourcesOfState(store, guildId, each, main, products));
    ways.push({ sources: [...(await Promise.all(ofStates)).flat(), ...further] });
  }
  if (productId !== undefined) ways.push({ sources: [{ filter: main, hint: byProduct }, ...further] });
  return ways.length === 0 ? only({ guildId }, byGuild) : fewestOf(store, ways, before);
}

function ofGuild(guildId: string): (source: Source) => Source {
  return ({ filter, hint }) => ({ filter: { guildId, ...filter }, hint });
}

/** The licenses that have the value in a slot which is not released. */
export function isBound({ kind, value }: NonNullable<LicenseQuery['binding']>): Filter {
  return { slots: { $elemMatch: { kind, value, releasedAt: null } } };
}

/** The sources of the way that has the fewest licenses before an id; of several with few of them, the first. */
async function fewestOf(store: MongoStore, ways: readonly Way[], before: number): Promise<readonly Source[]> {
  const [first, ...others] = ways;
  if (!first || others.length === 0) return first?.sources ?? [];
  const reaches = await Promise.all(
    ways.map(async ({ sources, reach }) => reach ?? (await reachOf(store, sources, before))),
  );
  return ways[reaches.indexOf(Math.min(...reaches))]?.sources ?? [];
}

/**
 * The id of the thousandth newest license; 0: there are fewer. The further back it lies, the fewer licenses a search
 * passes over. It takes the same time for a thousand licenses and for a million.
 */
async function reachOf({ models }: MongoStore, sources: readonly Source[], before: number): Promise<number> {
  const licenses = collectionOf(models.licenses);
  const reached = sources.map(async ({ filter, hint }) => {
    const [found] = await licenses
      .find({ $and: [filter, { id: { $lt: before } }] } as object, { hint })
      .sort({ id: -1 })
      .skip(comparedLicenses - 1)
      .limit(1)
      .project<{ readonly id: number }>({ _id: 0, id: 1 })
      .toArray();
    return found?.id ?? 0;
  });
  return Math.max(0, ...(await Promise.all(reached)));
}

async function sourcesOfState(
  store: MongoStore,
  guildId: string,
  state: LicenseState,
  ofProduct: Filter,
  { deleted }: GuildProducts,
): Promise<readonly Source[]> {
  // The index has the product, too, and passes over the licenses of others without reading them.
  const listed = (listedAs: string, expiryNotified: boolean): Source => ({
    filter: { guildId, ...ofProduct, listedAs, expiryNotified } as Filter,
    hint: byState,
  });
  const entries = entriesOf[state].map(({ as, isEndProcessed }) => listed(as, isEndProcessed));
  if (state === 'deleted') return [...entries, { filter: { productId: { $in: deleted } }, hint: byProduct }];
  if (state !== 'expired' && state !== 'active') return entries;
  const isActive = state === 'active';
  const exceptions = endsOf(isActive ? { $gt: store.now() } : { $lte: store.now() }, isActive);
  return [...entries, (await isFew(store, exceptions)) ? exceptions : listed('on', isActive)];
}

/** The way for a part of a text. What it finds is compared in the program afterwards. null: it finds nothing. */
async function wayOfText(store: MongoStore, guildId: string, foldedPart: string, before: number): Promise<Way | null> {
  const licenses = collectionOf(store.models.licenses);
  const count = (grams: object | string, limit: number) =>
    licenses.countDocuments({ guildId, grams }, { hint: byGram, limit });
  const lookup = lookupOf(foldedPart);
  if (lookup.type === 'prefix') {
    const begins = beginsWith(lookup.prefix);
    const found = await count(begins, maxExceptions + 1);
    const filter = { guildId, grams: begins };
    // The index has them in the order of the grams: few are sorted, and of many the newest are soon found without it.
    return found > maxExceptions
      ? { sources: [{ filter, hint: byGuild }], reach: Infinity }
      : { sources: [{ filter, hint: byGram }], reach: 0 };
  }
  const grams = comparedGrams(foldedPart);
  const counts = await Promise.all(grams.map((gram) => count(gram, comparedLicenses)));
  const fewest = Math.min(...counts);
  if (fewest === 0) return null;
  const ways = grams
    .filter((_, index) => counts[index] === fewest)
    .map((gram) => ({ sources: [{ filter: { guildId, grams: gram }, hint: byGram }] }));
  return { sources: await fewestOf(store, ways, before) };
}

/** Licenses whose texts may have the part; those that do not have it as a whole are left out in the program. */
export function mayHavePart(foldedPart: string): Filter {
  const lookup = lookupOf(foldedPart);
  return lookup.type === 'prefix'
    ? { grams: beginsWith(lookup.prefix) }
    : // An expression, so that MongoDB does not look up another gram than the one of the source.
      { $expr: { $setIsSubset: [{ $literal: comparedGrams(foldedPart) }, '$grams'] } };
}

function beginsWith(prefix: string) {
  return { $elemMatch: { $gte: prefix, $lt: `${prefix}\u{10ffff}\u{10ffff}\u{10ffff}` } };
}

/** With all grams of a part, since that no license has it is most often known by one that none has. */
function comparedGrams(foldedPart: string): readonly string[] {
  const lookup = lookupOf(foldedPart);
  const telling = lookup.type === 'grams' ? lookup.grams : [];
  return [...new Set([...telling, ...partGramsOf(foldedPart)])].slice(0, maxComparedGrams);
}
