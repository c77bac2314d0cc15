import type { LicenseState } from '../../../domain/license.ts';
import { foldName, foldSearched } from '../../../domain/values/text.ts';
import { entriesOf, maxExceptions, statesOf } from '../../listed-states.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Page } from '../../port/page.ts';
import { hasPart, lookupOf } from '../../text-grams.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { scanWindows } from '../steps.ts';
import { licenseProjection, type StoredLicense } from './documents.ts';
import { type Filter, type GuildProducts, isInState, readProducts } from './state-filters.ts';

type IndexKey = Readonly<Record<string, 1 | -1>>;

/** The licenses that match the filter, in the order that an index has them. */
export interface Source {
  readonly filter: Filter;
  readonly hint: IndexKey;
}

/** Reads licenses before an id, newest first. `reached`: those below this id are still to be read; null: none is. */
type ReadBranch = (
  before: number,
  size: number,
) => Promise<{ readonly found: readonly StoredLicense[]; readonly reached: number | null }>;

const byGuild: IndexKey = { guildId: 1, id: -1 };
const byProduct: IndexKey = { productId: 1, id: -1 };
const byGram: IndexKey = { guildId: 1, grams: 1, id: -1 };
export const byState: IndexKey = { guildId: 1, listedAs: 1, expiryNotified: 1, id: -1, productId: 1 };
const bySlot: IndexKey = { guildId: 1, 'slots.kind': 1, 'slots.value': 1, id: -1 };
/** How many licenses the first window has at least, and each later one at most: to decode so many takes some milliseconds. */
const minLicensesPerWindow = 64;
const licensesPerWindow = 500;
/** How many licenses of a gram are counted to find out which gram has the fewest. */
const maxGramCount = 1_000;

/** Everything of a query but its binding and its text. */
function filterOf(guildId: string, query: LicenseQuery, products: GuildProducts, now: Date): Filter {
  const { productId, ownerId, order, keySuffix, staff, expiresBefore } = query;
  const filters: Filter[] = [{ guildId, unpublished: null }, isInState(statesOf(query), products, now)];
  if (productId !== undefined) filters.push({ productId });
  if (ownerId !== undefined) filters.push({ ownerId });
  if (order !== undefined) filters.push({ orderFolded: foldName(order) });
  if (keySuffix !== undefined) filters.push({ keySuffixFolded: keySuffix.toUpperCase() });
  if (staff !== undefined) filters.push({ staff });
  if (expiresBefore !== undefined) filters.push({ expiresAt: { $lte: expiresBefore } });
  return { $and: filters };
}

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
async function sourcesOf(
  store: MongoStore,
  query: LicenseQuery,
  products: GuildProducts,
): Promise<readonly Source[]> {
  const { keySuffix, order, ownerId, productId, staff, expiresBefore, state, active } = query;
  if (keySuffix !== undefined) return [{ filter: {}, hint: { guildId: 1, keySuffixFolded: 1, id: -1 } }];
  if (order !== undefined) return [{ filter: {}, hint: { guildId: 1, orderFolded: 1, id: -1 } }];
  if (ownerId !== undefined) return [{ filter: {}, hint: { ownerId: 1, id: -1 } }];
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
async function sourcesOfText({ models }: MongoStore, guildId: string, foldedPart: string): Promise<readonly Source[]> {
  const licenses = collectionOf(models.licenses);
  const count = (grams: object | string, limit: number) =>
    licenses.countDocuments({ guildId, grams } as object, { hint: byGram, limit });
  const lookup = lookupOf(foldedPart);
  if (lookup.type === 'prefix') {
    const begins = { $elemMatch: { $gte: lookup.prefix, $lt: `${lookup.prefix}\u{10ffff}\u{10ffff}\u{10ffff}` } };
    const found = await count(begins, maxExceptions + 1);
    // The index has them in the order of the grams: few are sorted, and of many the newest are soon found without it.
    return [{ filter: { grams: begins } as Filter, hint: found > maxExceptions ? byGuild : byGram }];
  }
  const counts = await Promise.all(
    lookup.grams.map(async (gram) => ({ gram, found: await count(gram, maxGramCount) })),
  );
  const [rarest] = counts.sort((a, b) => a.found - b.found);
  if (!rarest || rarest.found === 0) return [];
  const others = lookup.grams.filter((gram) => gram !== rarest.gram);
  // An expression, so that MongoDB does not look up one of the other grams instead.
  const hasOthers = { $expr: { $setIsSubset: [{ $literal: others }, '$grams'] } };
  return [{ filter: { grams: rarest.gram, ...hasOthers } as Filter, hint: byGram }];
}

/** Reads the licenses of a query by one source. */
function branchOf({ models }: MongoStore, filter: Filter, source: Source): ReadBranch {
  const licenses = collectionOf(models.licenses);
  return async (before, size) => {
    const found = await licenses
      .find({ $and: [source.filter, filter, { id: { $lt: before } }] } as object, { hint: source.hint })
      .sort({ id: -1 })
      .limit(size)
      .batchSize(size)
      .project<StoredLicense>(licenseProjection)
      .toArray();
    return { found, reached: found.length < size ? null : (found.at(-1)?.id ?? null) };
  };
}

/** Reads the licenses of a query on which a value was observed. */
function observedBranch(
  { models }: MongoStore,
  filter: Filter,
  { kind, value }: NonNullable<LicenseQuery['binding']>,
): ReadBranch {
  return async (before, size) => {
    const observed = await models.observedValues
      .find({ kind, value, licenseId: { $lt: before }, releasedAt: null }, null, {
        hint: { kind: 1, value: 1, licenseId: -1 },
      })
      .sort({ licenseId: -1 })
      .limit(size)
      .select({ licenseId: 1 })
      .lean();
    const ids = observed.map(({ licenseId }) => licenseId);
    const found = await collectionOf(models.licenses)
      .find({ $and: [{ id: { $in: ids } }, filter] } as object, { hint: { id: 1 } })
      .project<StoredLicense>(licenseProjection)
      .toArray();
    return { found, reached: observed.length < size ? null : (ids.at(-1) ?? null) };
  };
}

async function branchesOf(store: MongoStore, guildId: string, query: LicenseQuery): Promise<readonly ReadBranch[]> {
  const products = await readProducts(store.models, guildId);
  const filter = filterOf(guildId, query, products, store.now());
  const { keySuffix, order, ownerId, binding, text } = query;
  if (binding) {
    const slots: Filter = { slots: { $elemMatch: { ...binding, releasedAt: null } } };
    return [branchOf(store, filter, { filter: slots, hint: bySlot }), observedBranch(store, filter, binding)];
  }
  const isByText = text !== undefined && keySuffix === undefined && order === undefined && ownerId === undefined;
  const sources = isByText
    ? await sourcesOfText(store, guildId, foldSearched(text))
    : await sourcesOf(store, query, products);
  return sources.map((source) => branchOf(store, filter, source));
}

/** The licenses that a query finds, newest first, read window by window; or what `take` makes of each window. */
export async function searchLicenses<T = StoredLicense>(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  { beforeId, limit }: Page,
  take: (found: readonly StoredLicense[]) => readonly T[],
): Promise<readonly T[]> {
  const part = query.text === undefined ? null : foldSearched(query.text);
  if (part === '' || statesOf(query).length === 0) return [];
  const branches = await branchesOf(store, guildId, query);
  if (branches.length === 0) return [];
  let size = Math.min(licensesPerWindow, Math.max(minLicensesPerWindow, limit));
  return scanWindows(beforeId ?? Number.MAX_SAFE_INTEGER, limit, async (before, wanted) => {
    const read = await Promise.all(branches.map((branch) => branch(before, size)));
    size = Math.min(licensesPerWindow, 4 * size);
    const reached = Math.max(0, ...read.map((branch) => branch.reached ?? 0));
    const found = new Map(read.flatMap((branch) => branch.found).map((license) => [license.id, license]));
    const sorted = [...found.values()].filter(({ id }) => id >= reached).sort((a, b) => b.id - a.id);
    const matching = part === null ? sorted : sorted.filter((license) => hasPart(license, part));
    return { found: take(matching.slice(0, wanted)), next: reached > 0 ? reached : null };
  });
}
