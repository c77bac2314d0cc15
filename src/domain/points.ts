import { dayMs, hourMs, isFromWrongClock, minuteMs } from './values/calendar.ts';

export const replenishIntervals = ['ten-seconds', 'minute', 'hour', 'day'] as const;
export type ReplenishInterval = (typeof replenishIntervals)[number];

/** How often a license is granted where the protocol spends a point per grant (LicenseGate): a token bucket. */
export interface ValidationPoints {
  /** The points left at `refilledAt`; null: unlimited. */
  readonly left: number | null;
  /** Refills stop at this number; null: they do not stop. */
  readonly limit: number | null;
  /** How many points come back with each whole interval; null: none. */
  readonly amount: number | null;
  readonly interval: ReplenishInterval | null;
  /** The instant from which whole intervals are counted. */
  readonly refilledAt: Date | null;
}

export const noPoints: ValidationPoints = { left: null, limit: null, amount: null, interval: null, refilledAt: null };

const replenishMs: Readonly<Record<ReplenishInterval, number>> = {
  'ten-seconds': 10_000,
  minute: minuteMs,
  hour: hourMs,
  day: dayMs,
};

/**
 * The points refilled up to now, by the whole intervals since `refilledAt`. That instant advances by as many intervals
 * and never goes back, unless it lies over an interval in the future: it is then from a clock that was ahead, and
 * intervals are counted from now.
 */
export function refillPoints(points: ValidationPoints, now: Date): ValidationPoints {
  const { left, limit, amount, interval, refilledAt } = points;
  if (left === null || amount === null || interval === null) return points;
  const intervalMs = replenishMs[interval];
  if (refilledAt === null || isFromWrongClock(refilledAt, intervalMs, now)) return { ...points, refilledAt: now };
  const intervals = Math.floor((now.getTime() - refilledAt.getTime()) / intervalMs);
  if (intervals <= 0) return points;
  const filled = Math.min(left + intervals * amount, limit ?? Number.MAX_SAFE_INTEGER);
  return {
    ...points,
    // Staff may give a license more points than the cap; a refill does not take them away.
    left: Math.max(left, filled),
    refilledAt: new Date(refilledAt.getTime() + intervals * intervalMs),
  };
}

/** An edit of validation points: whole numbers up to `maxPoints`, or null. Undefined fields keep their value. */
export interface PointsChange {
  readonly left?: number | null | undefined;
  readonly limit?: number | null | undefined;
  readonly amount?: number | null | undefined;
  readonly interval?: ReplenishInterval | null | undefined;
}

export const maxPoints = 1_000_000_000;

/** The points after an edit. Points refilled until now stay, and a new interval is counted from now. */
export function changePoints(points: ValidationPoints, change: PointsChange, now: Date): ValidationPoints {
  const filled = refillPoints(points, now);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next: ValidationPoints = { ...filled, ...given };
  if (next.left === null || next.amount === null || next.interval === null) return { ...next, refilledAt: null };
  const isCounting = filled.left !== null && next.interval === filled.interval;
  return { ...next, refilledAt: (isCounting ? filled.refilledAt : null) ?? now };
}

/** Whether no point is left now. */
export function arePointsSpent(points: ValidationPoints, now: Date): boolean {
  const { left } = refillPoints(points, now);
  return left !== null && left <= 0;
}

/** The points after one grant now; null: they are unlimited, and nothing is to be written. */
export function spendPoint(points: ValidationPoints, now: Date): ValidationPoints | null {
  const filled = refillPoints(points, now);
  return filled.left === null ? null : { ...filled, left: filled.left - 1 };
}
