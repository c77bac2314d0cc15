import type { QueryFilter } from 'mongoose';
import type { LicenseState } from '../../../domain/license.ts';
import type { LicenseQuery } from '../../port/licenses.ts';
import type { Page } from '../../port/page.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseFields, type LicenseState as StoredLicense } from './documents.ts';
import type { Models } from '../models.ts';
import { rowsPerWindow, scan } from '../steps.ts';

type Filter = QueryFilter<LicenseDocument>;

/** A license of a deleted product is deleted with it. */
export async function aliveProductIds({ products }: Models, guildId: string): Promise<readonly number[]> {
  const alive = await products.find({ guildId, gone: false, deletedAt: null }).select({ _id: 1 }).lean();
  return alive.map(({ _id }) => _id);
}

/** `licenseState` of the domain, in the same order. No end is not `$lte` any instant. */
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
  const bound = { kind, value, releasedAt: null };
  const seenOn = await observedValues.distinct('licenseId', { guildId, ...bound });
  return { $or: [{ slots: { $elemMatch: bound } }, { id: { $in: seenOn } }] };
}

/** All of a query but its text, which no operator of the database is made of. */
async function filterOf({ models, now }: MongoStore, guildId: string, query: LicenseQuery): Promise<Filter> {
  const { productId, ownerId, order, keySuffix, staff, active, binding, expiresBefore, state } = query;
  const isAlive = { deletedAt: null, productId: { $in: await aliveProductIds(models, guildId) } };
  const filters: Filter[] = [{ guildId, unpublished: null }, state ? stateFilter(state, isAlive, now()) : isAlive];
  if (productId !== undefined) filters.push({ productId });
  if (ownerId !== undefined) filters.push({ ownerId });
  if (order !== undefined) filters.push({ order });
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
 * The narrowest index, which gives ids in order. Of a query that finds nothing soon the planner would take the one of
 * all ids, and pass over every other guild's licenses.
 */
function indexOf({ keySuffix, order, ownerId, binding, productId }: LicenseQuery): Record<string, 1 | -1> | null {
  if (keySuffix !== undefined) return { guildId: 1, keySuffixFolded: 1, id: -1 };
  if (order !== undefined) return { guildId: 1, order: 1, id: -1 };
  if (ownerId !== undefined) return { ownerId: 1, id: -1 };
  // These are two: of slots, and of the licenses on which it was seen.
  if (binding) return null;
  if (productId !== undefined) return { productId: 1, id: -1 };
  return { guildId: 1, id: -1 };
}

/** Letter case counts not, in any script, and nothing is a wildcard. */
function holds({ name, note, order }: StoredLicense, text: string): boolean {
  const part = text.toLowerCase();
  return [name, note, order].some((field) => field?.toLowerCase().includes(part) ?? false);
}

/** What a query finds, newest first, read window by window. */
export async function searchLicenses(
  store: MongoStore,
  guildId: string,
  query: LicenseQuery,
  { beforeId, limit }: Page,
): Promise<readonly StoredLicense[]> {
  const filter = await filterOf(store, guildId, query);
  const hint = indexOf(query);
  const { text } = query;
  return scan(beforeId ?? Number.MAX_SAFE_INTEGER, limit, async (before, wanted) => {
    const size = text === undefined ? Math.min(wanted, rowsPerWindow) : rowsPerWindow;
    const read = await store.models.licenses
      .find({ $and: [filter, { id: { $lt: before } }] }, null, hint ? { hint } : {})
      .sort({ id: -1 })
      .limit(size)
      .select(licenseFields)
      .lean<StoredLicense[]>();
    const found = text === undefined ? read : read.filter((license) => holds(license, text)).slice(0, wanted);
    return { found, next: read.length < size ? null : (read.at(-1)?.id ?? null) };
  });
}

/** How many licenses a query finds. */
export async function countFound(store: MongoStore, guildId: string, query: LicenseQuery): Promise<number> {
  const hint = indexOf(query);
  if (query.text === undefined) {
    return store.models.licenses.countDocuments(await filterOf(store, guildId, query), hint ? { hint } : {});
  }
  return (await searchLicenses(store, guildId, query, { beforeId: null, limit: Infinity })).length;
}
