import type { Binding } from '../../domain/binding.ts';
import type { Blacklist, ReachQuery } from '../port/blacklist.ts';
import type { MongoStore } from './connection.ts';
import { beyondIds, windowBefore } from './id-windows.ts';
import { lowestAttemptIdSince } from './ids.ts';
import { readProducts } from './licenses/state-filters.ts';
import { rowsPerWindow, scanWindows } from './steps.ts';

type BindingQuery = NonNullable<ReachQuery['bindings']>;
type SlotOf = Pick<Binding, 'kind' | 'value' | 'lastSeenAt' | 'releasedAt'>;

/**
 * How many documents are read and matched at once: some milliseconds of work, after which the process waits for the next
 * ones and answers checks.
 */
const documentsPerWindow = 500;

/** A search under way: `hits` are the licenses that were found so far. */
interface Search extends ReachQuery {
  readonly guildId: string;
  readonly hits: Set<number>;
}

const isFull = ({ hits, maxLicenses }: Search) => hits.size >= maxLicenses;

/**
 * An index of attempts by address would cost each check another write. Attempts are therefore searched by their time,
 * newest first, and slots by their values, which are indexed. Each search returns how many documents it looked at.
 */
export function createBlacklistReach(store: MongoStore): Pick<Blacklist, 'blacklistReach'> {
  const { models } = store;

  async function searchSlots(search: Search, { kind, matches, ranges }: BindingQuery): Promise<number> {
    const { guildId, since, maxRows } = search;
    let rows = 0;
    for (const { from, to } of ranges) {
      if (rows >= maxRows) break;
      const live = { kind, value: { $gte: from, $lte: to }, releasedAt: null, lastSeenAt: { $gte: since } };
      const holders = models.licenses
        .find({ guildId, unpublished: null, slots: { $elemMatch: live } })
        .limit(maxRows - rows)
        .select({ id: 1, 'slots.kind': 1, 'slots.value': 1, 'slots.lastSeenAt': 1, 'slots.releasedAt': 1 })
        .lean<{ readonly id: number; readonly slots: readonly SlotOf[] }[]>();
      for await (const { id, slots } of holders.cursor({ batchSize: documentsPerWindow })) {
        if (isFull(search)) break;
        rows += 1;
        const isHit = slots.some(
          (slot) => slot.kind === kind && slot.releasedAt === null && slot.lastSeenAt >= since && matches(slot.value),
        );
        if (isHit) search.hits.add(id);
      }
    }
    return rows;
  }

  async function searchObserved(search: Search, { kind, matches }: BindingQuery): Promise<number> {
    let rows = 0;
    const observed = models.observedValues
      .find({ guildId: search.guildId, lastSeenAt: { $gte: search.since } })
      .sort({ lastSeenAt: -1 })
      .limit(search.maxRows)
      .select({ kind: 1, value: 1, licenseId: 1, releasedAt: 1 })
      .lean();
    for await (const one of observed.cursor({ batchSize: documentsPerWindow })) {
      if (isFull(search)) break;
      rows += 1;
      if (one.kind === kind && one.releasedAt === null && matches(one.value)) search.hits.add(one.licenseId);
    }
    return rows;
  }

  async function searchGrants(search: Search) {
    const { guildId, since, countSince, matches, maxRows, hits } = search;
    const grants = { all: 0, matching: 0 };
    const lowest = lowestAttemptIdSince(since);
    const lowestCounted = lowestAttemptIdSince(countSince);
    let rows = 0;
    await scanWindows(beyondIds, Infinity, async (before) => {
      if (before <= lowestCounted && isFull(search)) return { found: [], next: null };
      const size = Math.min(documentsPerWindow, maxRows - rows);
      const { ids, next } = await windowBefore(models.attempts, { guildId }, before, lowest, size);
      const granted = await models.attempts
        .find({ guildId, _id: ids, result: 'granted', at: { $gte: since } })
        .select({ at: 1, licenseId: 1, declaredIp: 1, observedIp: 1, hwid: 1, country: 1 })
        .lean();
      for (const { at, licenseId, ...origin } of granted) {
        if (licenseId === null) continue;
        const isHit = matches({ ...origin, licenseId });
        if (isHit && !isFull(search)) hits.add(licenseId);
        if (at < countSince) continue;
        grants.all += 1;
        if (isHit) grants.matching += 1;
      }
      rows += next === null ? granted.length : size;
      return { found: [], next: rows < maxRows ? next : null };
    });
    return { rows, grants };
  }

  /** How many of the licenses are not deleted, and how many distinct owners these have. */
  async function countAlive(guildId: string, licenseIds: readonly number[]) {
    const productId = { $in: (await readProducts(models, guildId)).alive };
    const owners = new Set<string>();
    let licenses = 0;
    for (let start = 0; start < licenseIds.length; start += rowsPerWindow) {
      const id = { $in: licenseIds.slice(start, start + rowsPerWindow) };
      const alive = { guildId, id, unpublished: null, deletedAt: null, productId };
      const found = await models.licenses.find(alive).select({ ownerId: 1 }).lean();
      licenses += found.length;
      for (const { ownerId } of found) if (ownerId !== null) owners.add(ownerId);
    }
    return { licenses, owners: owners.size };
  }

  return {
    blacklistReach: (guildId, query) =>
      store.run(async () => {
        const { bindings, maxRows } = query;
        const search: Search = { ...query, guildId, hits: new Set() };
        const slots = bindings ? await searchSlots(search, bindings) : 0;
        const observed = bindings && !isFull(search) ? await searchObserved(search, bindings) : 0;
        const { rows, grants } = await searchGrants(search);
        return {
          ...(await countAlive(guildId, [...search.hits])),
          grants,
          isComplete: !isFull(search) && [slots, observed, rows].every((looked) => looked < maxRows),
        };
      }),
  };
}
