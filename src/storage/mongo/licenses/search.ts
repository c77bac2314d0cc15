import { foldName, foldSearched } from '../../../domain/values/text.ts';
import { statesOf } from '../../listed-states.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Page } from '../../port/page.ts';
import { hasPart } from '../../text-grams.ts';
import type { MongoStore } from '../connection.ts';
import { collectionOf } from '../database/models.ts';
import { scanWindows } from '../steps.ts';
import { licenseProjection, type StoredLicense } from './documents.ts';
import { isForProduct } from './further-products.ts';
import { isBound, mayHavePart, sourcesOf } from './search-sources.ts';
import { type Filter, type GuildProducts, isInState, readProducts, type Source } from './state-filters.ts';

/** Reads licenses before an id, newest first. `reached`: those below this id are still to be read; null: none is. */
type ReadBranch = (
  before: number,
  size: number,
) => Promise<{ readonly found: readonly StoredLicense[]; readonly reached: number | null }>;

/** How many licenses the first window has at least, and each later one at most: to decode so many takes some milliseconds. */
const minLicensesPerWindow = 64;
const licensesPerWindow = 500;

/** Everything of a query but its binding; what has its text is compared with it in the program. */
function filterOf(guildId: string, query: LicenseQuery, products: GuildProducts, now: Date): Filter {
  const { productId, ownerId, customerId, order, keySuffix, staff, hold, expiresBefore, text } = query;
  const filters: Filter[] = [{ guildId, unpublished: null }, isInState(statesOf(query), products, now)];
  if (productId !== undefined) filters.push(isForProduct(productId, products));
  if (ownerId !== undefined) filters.push({ ownerId });
  if (customerId !== undefined) filters.push({ customerId });
  if (order !== undefined) filters.push({ orderFolded: foldName(order) });
  if (keySuffix !== undefined) filters.push({ keySuffixFolded: keySuffix.toUpperCase() });
  if (text !== undefined) filters.push(mayHavePart(foldSearched(text)));
  if (staff !== undefined) filters.push({ staff });
  if (hold !== undefined) filters.push({ 'holds.kind': hold });
  if (expiresBefore !== undefined) filters.push({ expiresAt: { $lte: expiresBefore } });
  return { $and: filters };
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

async function branchesOf(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  before: number,
): Promise<readonly ReadBranch[]> {
  const products = await readProducts(store.models, guildId);
  const filter = filterOf(guildId, query, products, store.now());
  const { binding } = query;
  const sources = await sourcesOf(store, guildId, query, products, before);
  if (!binding) return sources.map((source) => branchOf(store, filter, source));
  const bound: Filter = { $and: [filter, isBound(binding)] };
  return [...sources.map((source) => branchOf(store, bound, source)), observedBranch(store, filter, binding)];
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
  const start = beforeId ?? Number.MAX_SAFE_INTEGER;
  const branches = await branchesOf(store, guildId, query, start);
  if (branches.length === 0) return [];
  let size = Math.min(licensesPerWindow, Math.max(minLicensesPerWindow, limit));
  return scanWindows(start, limit, async (before, wanted) => {
    const read = await Promise.all(branches.map((branch) => branch(before, size)));
    size = Math.min(licensesPerWindow, 4 * size);
    const reached = Math.max(0, ...read.map((branch) => branch.reached ?? 0));
    const found = new Map(read.flatMap((branch) => branch.found).map((license) => [license.id, license]));
    const sorted = [...found.values()].filter(({ id }) => id >= reached).sort((a, b) => b.id - a.id);
    const matching = part === null ? sorted : sorted.filter((license) => hasPart(license, part));
    return { found: take(matching.slice(0, wanted)), next: reached > 0 ? reached : null };
  });
}
