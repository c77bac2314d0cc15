import { describe, expect, test } from '@jest/globals';
import { arePointsSpent, noPoints, refillPoints, spendPoint, type ValidationPoints } from '../../../src/domain/points.ts';

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
