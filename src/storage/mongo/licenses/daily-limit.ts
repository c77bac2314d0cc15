import { actorText } from '../../../domain/actor.ts';
import { dayMs } from '../../../domain/values/calendar.ts';
import type { DailyLimit } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseBatch } from './batch.ts';
import { isMoved } from './pending-copy.ts';
import { isReservation } from './reservations.ts';

export interface DailyLimitReached {
  readonly dailyLimit: { readonly made: number; readonly max: number };
}

/** Asked before anything is stored; null: the limit leaves room for `count` more, as far as licenses that count go. */
export async function checkDailyLimit(
  store: MongoStore,
  guildId: string,
  daily: DailyLimit,
  count: number,
): Promise<DailyLimitReached | null> {
  const { made } = await readDailyLicenses(store, guildId, daily);
  return made.size + count > daily.max ? { dailyLimit: { made: made.size, max: daily.max } } : null;
}

/**
 * Decides whether a batch whose licenses are stored, unpublished, may be published under the limit. Every batch is
 * stored before it asks, so of two that compete for the last licenses of the day at least one sees the other, and they
 * never both fit.
 *
 * When the batches under way do not all fit, the one with the lowest license id waits and asks again, and the others
 * withdraw their licenses and try again: so one of them always gets through.
 */
export async function claimDailyLimit(
  store: MongoStore,
  guildId: string,
  daily: DailyLimit,
  { name, licenses }: LicenseBatch,
): Promise<DailyLimitReached | 'fits' | 'wait' | 'withdraw'> {
  const { made, reserved } = await readDailyLicenses(store, guildId, daily);
  if (made.size + licenses.length > daily.max) return { dailyLimit: { made: made.size, max: daily.max } };
  const competing = reserved.filter(({ unpublished }) => unpublished !== name);
  if (made.size + competing.length + licenses.length <= daily.max) return 'fits';
  const firstId = licenses[0]?.license.id ?? Infinity;
  return competing.some(({ id }) => id < firstId) ? 'withdraw' : 'wait';
}

/**
 * The actor's licenses of the day: the ids of those that count, and the documents of those that may come to count. Those
 * made over a day in the future were made by a clock that was ahead, and are of no day.
 */
async function readDailyLicenses({ models, now }: MongoStore, guildId: string, { actor, since }: DailyLimit) {
  const latest = new Date(now().getTime() + dayMs);
  const found = await models.licenses
    .find({ guildId, createdBy: actorText(actor), createdAt: { $gte: since, $lte: latest } })
    .select({ id: 1, unpublished: 1 })
    .lean();
  const counting = found.filter(({ unpublished }) => unpublished === null || isMoved(unpublished));
  const made = new Set(counting.map(({ id }) => id));
  return { made, reserved: found.filter(({ id, unpublished }) => isReservation(unpublished) && !made.has(id)) };
}
