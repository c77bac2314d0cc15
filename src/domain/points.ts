export const replenishIntervals = ['ten-seconds', 'minute', 'hour', 'day'] as const;
export type ReplenishInterval = (typeof replenishIntervals)[number];

/** How often a license may be granted where its protocol spends points (LicenseGate): a token bucket. */
export interface ValidationPoints {
  /** What is left as of `refilledAt`; null: no limit. */
  readonly left: number | null;
  /** It never fills beyond that; null: no cap. */
  readonly limit: number | null;
  /** How many come back with each whole interval; null: none ever do. */
  readonly amount: number | null;
  readonly interval: ReplenishInterval | null;
  /** Whole intervals are counted from here. */
  readonly refilledAt: Date | null;
}

export const noPoints: ValidationPoints = { left: null, limit: null, amount: null, interval: null, refilledAt: null };

const replenishMs: Readonly<Record<ReplenishInterval, number>> = {
  'ten-seconds': 10_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The points as of now: whole intervals since `refilledAt`, which advances by as many and never goes back. */
export function refillPoints(points: ValidationPoints, now: Date): ValidationPoints {
  const { left, limit, amount, interval, refilledAt } = points;
  if (left === null || amount === null || interval === null) return points;
  if (refilledAt === null) return { ...points, refilledAt: now };
  const intervals = Math.floor((now.getTime() - refilledAt.getTime()) / replenishMs[interval]);
  if (intervals <= 0) return points;
  const filled = Math.min(left + intervals * amount, limit ?? Number.MAX_SAFE_INTEGER);
  return {
    ...points,
    // What is above the cap already, because somebody gave it, stays.
    left: Math.max(left, filled),
    refilledAt: new Date(refilledAt.getTime() + intervals * replenishMs[interval]),
  };
}

/** What an edit changes of them: whole numbers up to `maxPoints`, or null for none. What is not given stays. */
export interface PointsChange {
  readonly left?: number | null | undefined;
  readonly limit?: number | null | undefined;
  readonly amount?: number | null | undefined;
  readonly interval?: ReplenishInterval | null | undefined;
}

export const maxPoints = 1_000_000_000;

/** The points as edited: what has come back until now stays, and another interval is counted from now. */
export function changePoints(points: ValidationPoints, change: PointsChange, now: Date): ValidationPoints {
  const filled = refillPoints(points, now);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const next: ValidationPoints = { ...filled, ...given };
  if (next.left === null || next.amount === null || next.interval === null) return { ...next, refilledAt: null };
  const isCounting = filled.left !== null && next.interval === filled.interval;
  return { ...next, refilledAt: (isCounting ? filled.refilledAt : null) ?? now };
}

export function arePointsSpent(points: ValidationPoints, now: Date): boolean {
  const { left } = refillPoints(points, now);
  return left !== null && left <= 0;
}

/** What is left after one grant now; null where there is no limit, and nothing to write. */
export function spendPoint(points: ValidationPoints, now: Date): ValidationPoints | null {
  const filled = refillPoints(points, now);
  return filled.left === null ? null : { ...filled, left: filled.left - 1 };
}
