import { describe, expect, test } from '@jest/globals';
import { parsePoints } from '../../../src/domain/parse-points.ts';
import {
  arePointsSpent,
  changePoints,
  noPoints,
  refillPoints,
  spendPoint,
  type ValidationPoints,
} from '../../../src/domain/points.ts';
import { describePointsProblem } from '../../../src/texts/points-problems.ts';

const start = new Date('2030-01-01T00:00:00.000Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const bucket: ValidationPoints = { left: 2, limit: 10, amount: 3, interval: 'minute', refilledAt: start };

describe('validation points', () => {
  test.each([
    [0, 2, 0],
    [59_999, 2, 0],
    [60_000, 5, 60_000],
    [150_000, 8, 120_000],
    [600_000, 10, 600_000],
    [-60_000, 2, 0],
  ])('after %i ms there are %i, counted from %i ms', (ms, left, anchor) => {
    expect(refillPoints(bucket, after(ms))).toEqual({ ...bucket, left, refilledAt: after(anchor) });
  });

  test('are counted from now after the clock was ahead, and not held back until it gets there', () => {
    const ahead = { ...bucket, refilledAt: after(60_001) };
    expect(refillPoints(ahead, start)).toEqual({ ...bucket, refilledAt: start });
    const soon = { ...bucket, refilledAt: after(60_000) };
    expect(refillPoints(soon, start)).toEqual(soon);
  });

  test('above the cap stay, and are not filled further', () => {
    expect(refillPoints({ ...bucket, left: 50 }, after(120_000)).left).toBe(50);
  });

  test('without a refill never come back', () => {
    const points = { ...bucket, amount: null };
    expect(refillPoints(points, after(1e9))).toEqual(points);
  });

  test('begin to be counted with the first look at them', () => {
    expect(refillPoints({ ...bucket, refilledAt: null }, start)).toEqual({ ...bucket, left: 2 });
  });

  test('are spent one a grant, after they were filled', () => {
    expect(spendPoint({ ...bucket, left: 0 }, after(60_000))?.left).toBe(2);
    expect(arePointsSpent({ ...bucket, left: 0 }, after(59_999))).toBe(true);
    expect(arePointsSpent({ ...bucket, left: 0 }, after(60_000))).toBe(false);
  });

  test('that are not limited are neither spent nor written', () => {
    expect(arePointsSpent(noPoints, start)).toBe(false);
    expect(spendPoint(noPoints, start)).toBeNull();
  });
});

describe('an edit of points', () => {
  test('keeps the refilled points, and the time since the last interval', () => {
    const edited = changePoints(bucket, { limit: 20 }, after(90_000));
    expect(edited).toEqual({ ...bucket, left: 5, limit: 20, refilledAt: after(60_000) });
  });

  test('counts another interval, and points where there were none, from now', () => {
    expect(changePoints(bucket, { interval: 'hour' }, after(90_000)).refilledAt).toEqual(after(90_000));
    const refill = { amount: 3, interval: 'minute' } as const;
    expect(changePoints({ ...noPoints, ...refill }, { left: 1 }, start)).toEqual({ ...bucket, left: 1, limit: null });
  });

  test('counts nothing where nothing comes back', () => {
    const none = { left: 2, limit: 10, amount: null, interval: 'minute', refilledAt: null };
    expect(changePoints(bucket, { amount: null }, start)).toEqual(none);
    expect(changePoints(bucket, { left: null }, start)).toEqual({ ...bucket, left: null, refilledAt: null });
  });
});

describe('points as people write them', () => {
  test.each([
    [
      { left: '5', limit: '10', refill: '10/minute' },
      { left: 5, limit: 10, amount: 10, interval: 'minute' },
    ],
    [
      { left: ' Unlimited ', limit: 'none', refill: 'none' },
      { left: null, limit: null, amount: null, interval: null },
    ],
    [{ refill: '1 per 10s' }, { amount: 1, interval: 'ten-seconds' }],
    [{ refill: '1/10 seconds' }, { amount: 1, interval: 'ten-seconds' }],
    [{ refill: '7/Hour' }, { amount: 7, interval: 'hour' }],
    [{ refill: '7 / day' }, { amount: 7, interval: 'day' }],
    [{}, {}],
  ])('%j', (texts, change) => {
    expect(parsePoints(texts)).toEqual({ ok: true, value: change });
  });

  test.each([
    [{ left: 'none' }],
    [{ left: '-1' }],
    [{ left: '1000000001' }],
    [{ limit: 'unlimited' }],
    [{ refill: '10' }],
    [{ refill: '10/week' }],
    [{ refill: '1000000001/day' }],
  ])('%j is refused', (texts) => {
    const parsed = parsePoints(texts);
    expect(parsed.ok ? '' : describePointsProblem(parsed.error)).toMatch(/^Write .+\.$/);
  });
});
