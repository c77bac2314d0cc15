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
const documentsPerWindow = 1_000;

/** The licenses that were found, and how many documents were looked at for them. */
interface Hits {
  readonly licenseIds: ReadonlySet<number>;
  readonly rows: number;
}

/**
 * An index of attempts by address would cost each check another write. Attempts are therefore searched by their time,
 * newest first, and slots by their values, which are indexed.
 */
export function createBlacklistReach(store: MongoStore): Pick<Blacklist, 'blacklistReach'> {
  const { models } = store;

  async function searchSlots(guildId: string, { since, maxRows }: ReachQuery, of: BindingQuery): Promise<Hits> {
    const { kind, matches, ranges } = of;
    const licenseIds = new Set<number>();
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
        rows += 1;
        const isHit = slots.some(
          (slot) => slot.kind === kind && slot.releasedAt === null && slot.lastSeenAt >= since && matches(slot.value),
        );
        if (isHit) licenseIds.add(id);
      }
    }
    return { licenseIds, rows };
  }

  async function searchObserved(guildId: string, { since, maxRows }: ReachQuery, of: BindingQuery): Promise<Hits> {
    const { kind, matches } = of;
    const licenseIds = new Set<number>();
    let rows = 0;
    const observed = models.observedValues
      .find({ guildId, lastSeenAt: { $gte: since } })
      .sort({ lastSeenAt: -1 })
      .limit(maxRows)
      .select({ kind: 1, value: 1, licenseId: 1, releasedAt: 1 })
      .lean();
    for await (const one of observed.cursor({ batchSize: documentsPerWindow })) {
      rows += 1;
      if (one.kind === kind && one.releasedAt === null && matches(one.value)) licenseIds.add(one.licenseId);
    }
    return { licenseIds, rows };
  }

  async function searchGrants(guildId: string, { since, countSince, matches, maxRows }: ReachQuery) {
    const licenseIds = new Set<number>();
    const counted = { all: 0, matching: 0 };
    const lowest = lowestAttemptIdSince(since);
    let rows = 0;
    await scanWindows(beyondIds, Infinity, async (before) => {
      const size = Math.min(documentsPerWindow, maxRows - rows);
      const { ids, next } = await windowBefore(models.attempts, { guildId }, before, lowest, size);
      const granted = await models.attempts
        .find({ guildId, _id: ids, result: 'granted', at: { $gte: since } })
        .select({ at: 1, licenseId: 1, declaredIp: 1, observedIp: 1, hwid: 1, country: 1 })
        .lean();
      for (const { at, licenseId, ...origin } of granted) {
        if (licenseId === null) continue;
        const isHit = matches({ ...origin, licenseId });
        if (isHit) licenseIds.add(licenseId);
        if (at < countSince) continue;
        counted.all += 1;
        if (isHit) counted.matching += 1;
      }
      rows += next === null ? granted.length : size;
      return { found: [], next: rows < maxRows ? next : null };
    });
    return { hits: { licenseIds, rows } satisfies Hits, counted };
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
        const { hits, counted } = await searchGrants(guildId, query);
        const all = bindings
          ? [hits, await searchSlots(guildId, query, bindings), await searchObserved(guildId, query, bindings)]
          : [hits];
        const licenseIds = new Set(all.flatMap((one) => [...one.licenseIds]));
        return {
          ...(await countAlive(guildId, [...licenseIds])),
          grants: counted,
          isComplete: all.every(({ rows }) => rows < maxRows),
        };
      }),
  };
}
