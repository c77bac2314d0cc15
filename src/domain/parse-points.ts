import { maxPoints, type PointsChange, type ReplenishInterval, type ValidationPoints } from './points.ts';
import { fail, type Result, succeed } from './values/result.ts';

/**
 * Validation points as people write them: `left` a number or `unlimited`, `limit` a number or `none`, `refill`
 * `10/minute` or `none`.
 */
export interface PointTexts {
  readonly left?: string | undefined;
  readonly limit?: string | undefined;
  readonly refill?: string | undefined;
}

const whole = /^\d{1,10}$/;
const ratePattern = /^(\d{1,10})\s*(?:\/|per)\s*(10 ?s(?:econds)?|ten-seconds|min(?:ute)?|hour|day)$/;

/** Why a text says nothing about validation points. */
export type PointsProblem =
  /** No whole number up to `maxPoints`. `word` is what may stand instead of a number, where one may. */
  | { readonly code: 'not-a-point-count'; readonly word: 'unlimited' | 'none' | null }
  | { readonly code: 'not-a-refill' };

/** Reads what changes of a license's points. What is left out stays as it is. */
export function parsePoints({ left, limit, refill }: PointTexts): Result<PointsChange, PointsProblem> {
  const points = left === undefined ? succeed(undefined) : parseCount(left, 'unlimited');
  if (!points.ok) return points;
  const cap = limit === undefined ? succeed(undefined) : parseCount(limit, 'none');
  if (!cap.ok) return cap;
  const rate = refill === undefined ? succeed({}) : parseRefill(refill);
  if (!rate.ok) return rate;
  return succeed({ left: points.value, limit: cap.value, ...rate.value });
}

function parseCount(text: string, nullWord: 'unlimited' | 'none'): Result<number | null, PointsProblem> {
  const word = text.trim().toLowerCase();
  if (word === nullWord) return succeed(null);
  const count = whole.test(word) ? Number(word) : NaN;
  return count <= maxPoints ? succeed(count) : fail({ code: 'not-a-point-count', word: nullWord });
}

function parseRefill(text: string): Result<PointsChange, PointsProblem> {
  const rate = text.trim().toLowerCase();
  if (rate === 'none') return succeed({ amount: null, interval: null });
  const match = ratePattern.exec(rate);
  const amount = match ? Number(match[1]) : NaN;
  if (!(amount <= maxPoints)) return fail({ code: 'not-a-refill' });
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

/** How points come back, as `parsePoints` reads it: `10/minute` or `none`. */
export function refillText({ amount, interval }: Pick<ValidationPoints, 'amount' | 'interval'>): string {
  return amount === null || interval === null ? 'none' : `${amount}/${intervalWords[interval]}`;
}
