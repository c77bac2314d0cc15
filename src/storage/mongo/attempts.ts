import type { QueryFilter } from 'mongoose';
import type { Attempt } from '../../domain/attempt.ts';
import { minuteMs } from '../../domain/values/calendar.ts';
import type { AttemptCount, AttemptQuery, Attempts } from '../port/attempts.ts';
import { clockToleranceMs } from '../port/coordination.ts';
import type { Page } from '../port/page.ts';
import { createIdSet } from '../id-set.ts';
import { countedFilterOf, createAttemptScan } from './attempt-scan.ts';
import { createAttemptStatistics } from './attempt-statistics.ts';
import type { MongoStore } from './connection.ts';
import type { AttemptDocument } from './documents.ts';
import { beyondIds } from './id-windows.ts';
import { attemptIdAt } from './ids.ts';
import { withAllFields } from './stored-fields.ts';
import { watermarkAt } from './watermark.ts';

type Filter = QueryFilter<AttemptDocument>;
type StoredAttempt = Omit<AttemptDocument, 'by'>;

function attemptOf({ _id: id, ...attempt }: StoredAttempt): Attempt {
  return { id, ...withAllFields(attempt) };
}

function filterOf(query: AttemptQuery): Filter {
  const { ip, hwid, since, quiet = false } = query;
  return {
    ...countedFilterOf(query),
    ...(ip === undefined ? {} : { $or: [{ declaredIp: ip }, { observedIp: ip }] }),
    ...(hwid === undefined ? {} : { hwid }),
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
  const scanAttempts = createAttemptScan(store);

  /** The id before which the page begins; null: retention has removed the row with `beforeId`, and all older ones. */
  async function startOf(guildId: string, beforeId: number | null): Promise<number | null> {
    if (beforeId === null) return beyondIds;
    return (await attempts.exists({ _id: beforeId, guildId })) ? beforeId : null;
  }

  async function search(guildId: string, query: AttemptQuery, page: Page): Promise<readonly Attempt[]> {
    const start = await startOf(guildId, page.beforeId);
    if (start === null) return [];
    const { licenseId } = query;
    const filter: Filter = { ...(licenseId === undefined ? {} : { licenseId }), ...filterOf(query), guildId };
    const rows = await scanAttempts(guildId, query, start, page.limit, (ids, wanted) => {
      const newest = attempts
        .find({ ...filter, _id: ids })
        .sort({ _id: -1 })
        .limit(wanted);
      return newest.select({ by: 0 }).lean<readonly StoredAttempt[]>().exec();
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

    attemptStatistics: createAttemptStatistics(store),

    countClients: (guildId, productId, since, isDenied) =>
      store.run(async () => {
        const query: AttemptQuery = { productId, result: 'granted', since, quiet: true };
        const licenses = createIdSet();
        await scanAttempts(guildId, query, beyondIds, Infinity, async (ids) => {
          const found = await attempts
            .find({ ...filterOf(query), guildId, _id: ids })
            .select({ licenseId: 1, version: 1 })
            .lean();
          for (const { licenseId, version } of found) {
            if (licenseId !== null && !licenses.has(licenseId) && isDenied(version)) licenses.add(licenseId);
          }
          return [];
        });
        return licenses.size();
      }),
  };
}
