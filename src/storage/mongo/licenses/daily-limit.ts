import { actorText } from '../../../domain/actor.ts';
import type { DailyLimit } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseBatch } from './batch.ts';
import { isReservation } from './reservations.ts';
import { isMoved } from './pending-copy.ts';

export interface DailyRefusal {
  readonly dailyLimit: { readonly made: number; readonly max: number };
}

/** What is certain before anything is stored; null: nothing is. */
export async function refusalSoFar(
  store: MongoStore,
  guildId: string,
  daily: DailyLimit,
  count: number,
): Promise<DailyRefusal | null> {
  const { made } = await readMade(store, guildId, daily);
  return made.size + count > daily.max ? { dailyLimit: { made: made.size, max: daily.max } } : null;
}

/**
 * What the limit says to a batch that is stored, unpublished: two never both take the last place, because of any two one sees
 * the other. Where not all that are being made can come to count, the first stays and asks again (`wait`), and the
 * others go back and try anew.
 */
export async function askDailyLimit(
  store: MongoStore,
  guildId: string,
  daily: DailyLimit,
  { name, licenses }: LicenseBatch,
): Promise<DailyRefusal | 'fits' | 'wait' | 'go back'> {
  const { made, coming } = await readMade(store, guildId, daily);
  if (made.size + licenses.length > daily.max) return { dailyLimit: { made: made.size, max: daily.max } };
  const others = coming.filter(({ unpublished }) => unpublished !== name);
  if (made.size + others.length + licenses.length <= daily.max) return 'fits';
  const firstId = licenses[0]?.license.id ?? Infinity;
  return others.some(({ id }) => id < firstId) ? 'go back' : 'wait';
}

/** The actor's licenses: ids of those that count, and those that may come to. */
async function readMade({ models }: MongoStore, guildId: string, { actor, since }: DailyLimit) {
  const found = await models.licenses
    .find({ guildId, createdBy: actorText(actor), createdAt: { $gte: since } })
    .select({ id: 1, unpublished: 1 })
    .lean();
  const made = new Set(
    found.filter(({ unpublished }) => unpublished === null || isMoved(unpublished)).map(({ id }) => id),
  );
  return { made, coming: found.filter(({ id, unpublished }) => isReservation(unpublished) && !made.has(id)) };
}
