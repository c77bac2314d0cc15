import type { QueryFilter } from 'mongoose';
import type { Attempt } from '../../domain/attempt.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import type { AttemptCount, AttemptQuery, Attempts } from '../port/attempts.ts';
import { clockToleranceMs } from '../port/coordination.ts';
import type { Page } from '../port/page.ts';
import type { MongoStore } from './connection.ts';
import type { AttemptDocument } from './documents.ts';
import { beyondIds, windowBefore } from './id-windows.ts';
import { attemptIdAt, lowestAttemptIdSince } from './ids.ts';
import { scanWindows } from './steps.ts';
import { withAllFields } from './stored-fields.ts';
import { watermarkAt } from './watermark.ts';

type Filter = QueryFilter<AttemptDocument>;
type StoredAttempt = Omit<AttemptDocument, 'by'>;

function attemptOf({ _id: id, ...attempt }: StoredAttempt): Attempt {
  return { id, ...withAllFields(attempt) };
}

function filterOf(query: AttemptQuery): Filter {
  const { result, protocol, ip, hwid, productId, since, quiet = false } = query;
  return {
    ...(result === undefined ? {} : { result: result === 'denied' ? { $ne: 'granted' } : result }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(ip === undefined ? {} : { $or: [{ declaredIp: ip }, { observedIp: ip }] }),
    ...(hwid === undefined ? {} : { hwid }),
    ...(productId === undefined ? {} : { productId }),
    ...(since === undefined ? {} : { at: { $gte: since } }),
    ...(quiet ? {} : { quiet: false }),
  };
}

/**
 * The id after which a reader goes on. An id of the future was made by a clock that was ahead, and the attempts since it
 * was set right have lower ids: the reader goes on with those of the last minute.
 */
function believableId(id: number, now: Date): number {
  const isAhead = id > attemptIdAt(new Date(now.getTime() + clockToleranceMs));
  return isAhead ? attemptIdAt(new Date(now.getTime() - minuteMs)) : id;
}

export function createAttempts(store: MongoStore): Attempts {
  const { attempts, attemptCounts } = store.models;

  /** The id before which the page begins; null: retention has removed the row with `beforeId`, and all older ones. */
  async function startOf(guildId: string, beforeId: number | null): Promise<number | null> {
    if (beforeId === null) return beyondIds;
    return (await attempts.exists({ _id: beforeId, guildId })) ? beforeId : null;
  }

  async function search(guildId: string, query: AttemptQuery, page: Page): Promise<readonly Attempt[]> {
    const start = await startOf(guildId, page.beforeId);
    if (start === null) return [];
    const { licenseId, since } = query;
    const among: Filter = licenseId === undefined ? { guildId } : { licenseId };
    const filter: Filter = { ...among, ...filterOf(query), guildId };
    const lowest = since && lowestAttemptIdSince(since);
    const rows = await scanWindows(start, page.limit, async (before, wanted) => {
      const { ids, next } = await windowBefore(attempts, among, before, lowest);
      const newest = attempts
        .find({ ...filter, _id: ids })
        .sort({ _id: -1 })
        .limit(wanted);
      return { found: await newest.select({ by: 0 }).lean<readonly StoredAttempt[]>(), next };
    });
    return rows.map(attemptOf);
  }

  return {
    attempts: (guildId, query, page) => store.run(() => search(guildId, query, page)),

    attemptsAfter: (id, limit) =>
      store.run(async () => {
        const now = store.now();
        const found = await attempts
          .find({ _id: { $gt: believableId(id, now), $lt: attemptIdAt(watermarkAt(now)) } })
          .sort({ _id: 1 })
          .limit(limit)
          .select({ by: 0 })
          .lean<readonly StoredAttempt[]>();
        return found.map(attemptOf);
      }),

    attemptCounts: (guildId, since) =>
      store.run(() =>
        attemptCounts
          .find({ guildId, minute: { $gte: since } })
          .sort({ minute: 1, protocol: 1, result: 1 })
          .select({ _id: 0 })
          .lean<readonly AttemptCount[]>()
          .exec(),
      ),

    countClients: (guildId, productId, since, refused) =>
      store.run(async () => {
        const grants: Filter = { guildId, productId, result: 'granted', at: { $gte: since } };
        const licenses = new Set<number>();
        await scanWindows(beyondIds, Infinity, async (before) => {
          const { ids, next } = await windowBefore(attempts, { guildId }, before, lowestAttemptIdSince(since));
          const found = await attempts
            .find({ ...grants, _id: ids })
            .select({ licenseId: 1, version: 1 })
            .lean();
          for (const { licenseId, version } of found) {
            if (licenseId !== null && !licenses.has(licenseId) && refused(version)) licenses.add(licenseId);
          }
          return { found: [], next };
        });
        return licenses.size;
      }),
  };
}
