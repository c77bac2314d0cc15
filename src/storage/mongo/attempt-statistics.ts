import type { PipelineStage } from 'mongoose';
import { dayMs, hourMs } from '../../domain/values/calendar.ts';
import type { AttemptStatistic, Attempts, StatisticPeriod } from '../port/attempts.ts';
import type { MongoStore } from './connection.ts';
import type { Models } from './database/models.ts';
import { attemptIdAt, lowestAttemptIdSince } from './ids.ts';

const startOf = (at: Date, periodMs: number) => new Date(at.getTime() - (at.getTime() % periodMs));
/** The start of the period that an instant lies in, in a pipeline. */
const startIn = (at: string, periodMs: number) => ({ $subtract: [at, { $mod: [{ $toLong: at }, periodMs] }] });

export function statisticId(statistic: Omit<AttemptStatistic, 'count'>): string {
  const { guildId, period, start, protocol, productId, result } = statistic;
  return [guildId, period, start.getTime(), protocol, productId ?? 0, result].join(' ');
}

/**
 * Stores groups under their `statisticId`. Counts only grow: where a count is known already, the greater one stays, so
 * that counting the same attempts twice, by several processes or after some of them were deleted, harms nothing.
 */
function storeGroups({ attemptStatistics }: Models): PipelineStage[] {
  const parts = ['$guildId', '$period', { $toLong: '$start' }, '$protocol', { $ifNull: ['$productId', 0] }, '$result'];
  const words = parts.flatMap((part, index) => [...(index === 0 ? [] : [' ']), { $toString: part }]);
  const greater = [{ $set: { count: { $max: ['$count', '$$new.count'] } } }];
  const into = attemptStatistics.collection.collectionName;
  return [
    { $replaceWith: { $mergeObjects: ['$_id', { count: '$count' }] } },
    { $set: { _id: { $concat: words } } },
    { $merge: { into, on: '_id', whenMatched: greater, whenNotMatched: 'insert' } },
  ] as unknown as PipelineStage[];
}

function groupBy(period: StatisticPeriod, start: unknown, productId: unknown, count: unknown): PipelineStage.Group {
  const kept = { guildId: '$guildId', protocol: '$protocol', result: '$result' };
  return {
    $group: { _id: { ...kept, period: { $literal: period }, start, productId }, count: { $sum: count } },
  };
}

/** Counts the guild's attempts of one UTC day by the hour, and adds its hours up. MongoDB does all of the work. */
async function rollUpDay(models: Models, guildId: string, from: Date): Promise<void> {
  const to = new Date(from.getTime() + dayMs);
  const ofDay = { $gte: from, $lt: to };
  const ids = { $gte: lowestAttemptIdSince(from), $lt: attemptIdAt(to) };
  const counted = {
    coll: models.attemptCounts.collection.collectionName,
    pipeline: [
      { $match: { guildId, minute: ofDay } },
      groupBy('hour', startIn('$minute', hourMs), { $literal: null }, '$count'),
    ],
  };
  await models.attempts.aggregate([
    { $match: { guildId, _id: ids, at: ofDay } },
    groupBy('hour', startIn('$at', hourMs), { $ifNull: ['$productId', null] }, 1),
    { $unionWith: counted },
    { $group: { _id: '$_id', count: { $sum: '$count' } } },
    ...storeGroups(models),
  ]);
  await models.attemptStatistics.aggregate([
    { $match: { guildId, period: 'hour', start: ofDay } },
    groupBy('day', { $literal: from }, '$productId', '$count'),
    ...storeGroups(models),
  ]);
}

/** The start of the latest hour of a guild that was rolled up. Days before that one are complete. null: there is none. */
export async function lastHour({ attemptStatistics }: Models, guildId: string): Promise<Date | null> {
  const last = await attemptStatistics
    .findOne({ guildId, period: 'hour' })
    .sort({ start: -1 })
    .select({ start: 1 })
    .lean();
  return last?.start ?? null;
}

/**
 * Counts the guild's attempts since the last time, by whole days, so that a process that dies leaves at most its last
 * day incomplete, which the next one begins with. After the clock was ahead, the last hour lies in the future, and what
 * was stored since the clock was set right is less than an hour old, because jobs call this every hour.
 */
export async function rollUpGuild({ models, now }: Pick<MongoStore, 'models' | 'now'>, guildId: string): Promise<void> {
  const oldest = async () => {
    const attempt = await models.attempts.findOne({ guildId }).sort({ _id: 1 }).select({ at: 1 }).lean();
    const count = await models.attemptCounts.findOne({ guildId }).sort({ minute: 1 }).select({ minute: 1 }).lean();
    return Math.min(...[attempt?.at, count?.minute].map((at) => at?.getTime() ?? Infinity));
  };
  const last = (await lastHour(models, guildId))?.getTime() ?? (await oldest());
  const from = Math.min(last, now().getTime() - hourMs);
  for (let day = startOf(new Date(from), dayMs); day <= now(); day = new Date(day.getTime() + dayMs)) {
    await rollUpDay(models, guildId, day);
  }
}

export function createAttemptStatistics(store: MongoStore): Attempts['attemptStatistics'] {
  return (guildId, period, since) =>
    store.run(async () => {
      await rollUpGuild(store, guildId);
      const found = store.models.attemptStatistics.find({ guildId, period, start: { $gte: since } });
      const sorted = found.sort({ start: 1, protocol: 1, productId: 1, result: 1 });
      return sorted.select({ _id: 0 }).lean<readonly AttemptStatistic[]>().exec();
    });
}
