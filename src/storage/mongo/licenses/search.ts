import type { QueryFilter } from 'mongoose';
import type { LicenseState } from '../../../domain/license.ts';
import { foldName } from '../../../domain/values/text.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Page } from '../../port/page.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseProjection, type StoredLicense as StoredLicense } from './documents.ts';
import type { Models } from '../database/models.ts';
import { rowsPerWindow, scanWindows } from '../steps.ts';

type Filter = QueryFilter<LicenseDocument>;

/** The ids of the guild's products that are not deleted. A license of a deleted product counts as deleted with it. */
export async function aliveProductIds({ products }: Models, guildId: string): Promise<readonly number[]> {
  const alive = await products.find({ guildId, gone: false, deletedAt: null }).select({ _id: 1 }).lean();
  return alive.map(({ _id }) => _id);
}

/** The conditions of `licenseState` in the domain. Where `expiresAt` is null, `$lte` matches no instant. */
function stateFilter(state: LicenseState, isAlive: Filter, now: Date): Filter {
  const conditions: Readonly<Record<Exclude<LicenseState, 'deleted'>, Filter>> = {
    suspended: { suspension: { $ne: null } },
    off: { suspension: null, switchedOff: true },
    expired: { suspension: null, switchedOff: false, expiresAt: { $lte: now } },
    active: { suspension: null, switchedOff: false, expiresAt: { $not: { $lte: now } } },
  };
  return state === 'deleted' ? { $nor: [isAlive] } : { $and: [isAlive, conditions[state]] };
}

async function bindingFilter(
  { observedValues }: Models,
  guildId: string,
  { kind, value }: NonNullable<LicenseQuery['binding']>,
): Promise<Filter> {
  const live = { kind, value, releasedAt: null };
  const observedOn = await observedValues.distinct('licenseId', { guildId, ...live });
  return { $or: [{ slots: { $elemMatch: live } }, { id: { $in: observedOn } }] };
}

/**
 * Everything of a query but its text, which is compared in the program so that it never becomes a regular expression.
 */
async function filterOf({ models, now }: MongoStore, guildId: string, query: LicenseQuery): Promise<Filter> {
  const { productId, ownerId, order, keySuffix, staff, active, binding, expiresBefore, state } = query;
  const isAlive = { deletedAt: null, productId: { $in: await aliveProductIds(models, guildId) } };
  const filters: Filter[] = [{ guildId, unpublished: null }, state ? stateFilter(state, isAlive, now()) : isAlive];
  if (productId !== undefined) filters.push({ productId });
  if (ownerId !== undefined) filters.push({ ownerId });
  if (order !== undefined) filters.push({ orderFolded: foldName(order) });
  if (keySuffix !== undefined) filters.push({ keySuffixFolded: keySuffix.toUpperCase() });
  if (staff !== undefined) filters.push({ staff });
  if (active !== undefined) {
    const isActive = stateFilter('active', isAlive, now());
    filters.push(active ? isActive : { $nor: [isActive] });
  }
  if (expiresBefore !== undefined) filters.push({ expiresAt: { $lte: expiresBefore } });
  if (binding) filters.push(await bindingFilter(models, guildId, binding));
  return { $and: filters };
}

/**
 * The index with the fewest licenses for the query that gives them in the order of their ids. Without a hint MongoDB's
 * planner may choose the index of all ids for a query with few results, and read the licenses of every other guild.
 */
function indexFor({ keySuffix, order, ownerId, binding, productId }: LicenseQuery): Record<string, 1 | -1> | null {
  if (keySuffix !== undefined) return { guildId: 1, keySuffixFolded: 1, id: -1 };
  if (order !== undefined) return { guildId: 1, orderFolded: 1, id: -1 };
  if (ownerId !== undefined) return { ownerId: 1, id: -1 };
  // A binding is looked up in two indexes at once, which no hint can name.
  if (binding) return null;
  if (productId !== undefined) return { productId: 1, id: -1 };
  return { guildId: 1, id: -1 };
}

/** Ignores letter case in every script; no character is a wildcard. */
function containsText({ name, note, order }: StoredLicense, text: string): boolean {
  const part = text.toLowerCase();
  return [name, note, order].some((field) => field?.toLowerCase().includes(part) ?? false);
}

/** The licenses that a query finds, newest first, read window by window. */
export async function searchLicenses(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  { beforeId, limit }: Page,
): Promise<readonly StoredLicense[]> {
  const filter = await filterOf(store, guildId, query);
  const hint = indexFor(query);
  const { text } = query;
  return scanWindows(beforeId ?? Number.MAX_SAFE_INTEGER, limit, async (before, wanted) => {
    const size = text === undefined ? Math.min(wanted, rowsPerWindow) : rowsPerWindow;
    const read = await store.models.licenses
      .find({ $and: [filter, { id: { $lt: before } }] }, null, hint ? { hint } : {})
      .sort({ id: -1 })
      .limit(size)
      .select(licenseProjection)
      .lean<StoredLicense[]>();
    const found = text === undefined ? read : read.filter((license) => containsText(license, text)).slice(0, wanted);
    return { found, next: read.length < size ? null : (read.at(-1)?.id ?? null) };
  });
}

/** How many licenses a query finds. */
export async function countFound(store: MongoStore, guildId: string, query: LicenseQuery): Promise<number> {
  const hint = indexFor(query);
  if (query.text === undefined) {
    return store.models.licenses.countDocuments(await filterOf(store, guildId, query), hint ? { hint } : {});
  }
  return (await searchLicenses(store, guildId, query, { beforeId: null, limit: Infinity })).length;
}
