import { maxPoints, type PointsChange, type ReplenishInterval, type ValidationPoints } from './points.ts';
import { fail, type Result, succeed } from './result.ts';

/** As people write them: `left` a number or `unlimited`, `limit` a number or `none`, `refill` `10/minute` or `none`. */
export interface PointTexts {
  readonly left?: string | undefined;
  readonly limit?: string | undefined;
  readonly refill?: string | undefined;
}

const whole = /^\d{1,10}$/;
const refillText = /^(\d{1,10})\s*(?:\/|per)\s*(10 ?s(?:econds)?|ten-seconds|min(?:ute)?|hour|day)$/;

/** The mistake is a sentence. */
export function parsePoints({ left, limit, refill }: PointTexts): Result<PointsChange, string> {
  const points = left === undefined ? succeed(undefined) : parseCount(left, 'unlimited');
  if (!points.ok) return points;
  const most = limit === undefined ? succeed(undefined) : parseCount(limit, 'none');
  if (!most.ok) return most;
  const refilled = refill === undefined ? succeed({}) : parseRefill(refill);
  if (!refilled.ok) return refilled;
  return succeed({ left: points.value, limit: most.value, ...refilled.value });
}

function parseCount(text: string, none: 'unlimited' | 'none'): Result<number | null, string> {
  const wanted = text.trim().toLowerCase();
  if (wanted === none) return succeed(null);
  const count = whole.test(wanted) ? Number(wanted) : NaN;
  return count <= maxPoints ? succeed(count) : fail(`Write a whole number up to ${maxPoints} of points, or ${none}.`);
}

function parseRefill(text: string): Result<PointsChange, string> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'none') return succeed({ amount: null, interval: null });
  const match = refillText.exec(wanted);
  const amount = match ? Number(match[1]) : NaN;
  if (!(amount <= maxPoints)) return fail('Write how points come back: 10/minute, per 10s, hour or day; or none.');
  return succeed({ amount, interval: intervalOf(match?.[2] ?? '') });
}

function intervalOf(unit: string): ReplenishInterval {
  if (unit.startsWith('min')) return 'minute';
  return unit === 'hour' || unit === 'day' ? unit : 'ten-seconds';
}

const intervalWords: Readonly<Record<ReplenishInterval, string>> = {
  'ten-seconds': '10s',
  minute: 'minute',
  hour: 'hour',
  day: 'day',
};

/** How points come back, as `parsePoints` reads it. */
export function refillWords({ amount, interval }: Pick<ValidationPoints, 'amount' | 'interval'>): string {
  return amount === null || interval === null ? 'none' : `${amount}/${intervalWords[interval]}`;
}
