import type { QueryFilter } from 'mongoose';
import { dayMs, hourMs } from '../../domain/values/calendar.ts';
import type { AttemptQuery } from '../port/attempts.ts';
import { lastHour } from './attempt-statistics.ts';
import type { MongoStore } from './connection.ts';
import type { AttemptDocument } from './documents.ts';
import { type IdWindow, windowBefore } from './id-windows.ts';
import { attemptIdAt, instantOfAttemptId, lowestAttemptIdSince } from './ids.ts';
import { scanWindows } from './steps.ts';

/** Jobs bring the statistics up to date every hour. */
const maxRollUpAgeMs = 2 * hourMs;

interface IdRange {
  readonly low: number;
  readonly before: number;
}

const dayOf = (at: number) => at - (at % dayMs);

/** The part of a query that the statistics can answer too. null: the query has no such part. */
export function countedFilterOf({ result, protocol, productId }: AttemptQuery) {
  if (result === undefined && protocol === undefined && productId === undefined) return null;
  return {
    ...(result === undefined ? {} : { result: result === 'denied' ? { $ne: 'granted' as const } : result }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(productId === undefined ? {} : { productId }),
  };
}

/**
 * Reads a guild's attempts below an id in windows, the latest first, until `limit` are found. Days that the statistics
 * are complete for, and in which no attempt has the wanted result, protocol and product, are skipped.
 */
export function createAttemptScan({ models, now }: MongoStore) {
  const { attempts, attemptStatistics, meta } = models;

  /** Returns a function that finds the next range of ids below an id in which attempts may match. null: there is none. */
  async function createRangeFinder(guildId: string, query: AttemptQuery, lowest: number) {
    const counted = countedFilterOf(query);
    const last = counted === null ? null : await lastHour(models, guildId);
    if (last === null) return (before: number): Promise<IdRange> => Promise.resolve({ low: lowest, before });

    const completeUntil = dayOf(Math.min(last.getTime(), now().getTime() - maxRollUpAgeMs));
    const copiedAt = (await meta.findById('latchkey').lean())?.copiedAt;
    const completeFrom = copiedAt ? dayOf(copiedAt.getTime()) + dayMs : 0;
    const until = lowestAttemptIdSince(new Date(completeUntil));
    const from = attemptIdAt(new Date(completeFrom));

    return async (before: number): Promise<IdRange | null> => {
      if (before > until) return { low: Math.max(until, lowest), before };
      if (before <= from) return { low: lowest, before };
      const start = { $lte: instantOfAttemptId(before), $gte: new Date(completeFrom) };
      const day = await attemptStatistics
        .findOne({ guildId, period: 'day', start, ...counted })
        .sort({ start: -1 })
        .select({ start: 1 })
        .lean();
      if (day === null) return copiedAt ? { low: lowest, before: from } : null;
      const end = attemptIdAt(new Date(day.start.getTime() + dayMs));
      return { low: Math.max(lowestAttemptIdSince(day.start), lowest), before: Math.min(before, end) };
    };
  }

  return async <T>(
    guildId: string,
    query: AttemptQuery,
    start: number,
    limit: number,
    readWindow: (ids: IdWindow['ids'], wanted: number) => Promise<readonly T[]>,
  ): Promise<readonly T[]> => {
    const { licenseId, since } = query;
    const among: QueryFilter<AttemptDocument> = licenseId === undefined ? { guildId } : { licenseId };
    const lowest = since ? lowestAttemptIdSince(since) : Number.MIN_SAFE_INTEGER;
    const findRange = await createRangeFinder(guildId, licenseId === undefined ? query : {}, lowest);
    return scanWindows(start, limit, async (from, wanted) => {
      const range = await findRange(from);
      if (range === null || range.before <= lowest) return { found: [], next: null };
      const { ids, next } = await windowBefore(attempts, among, range.before, range.low);
      const below = range.low > lowest ? range.low : null;
      return { found: await readWindow(ids, wanted), next: next ?? below };
    });
  };
}
