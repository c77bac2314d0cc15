import { describe, expect, test } from '@jest/globals';
import { isFreeToRelease, nextReset, withinLast30Days } from '../../../src/domain/resets.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';

const now = new Date('2026-03-10T12:00:00.000Z');
const hour = 3_600_000;
const ago = (hours: number, ms = 0) => new Date(now.getTime() - hours * hour - ms);
const settings = (perDay: number, per30Days: number) => ({
  ...defaultSettings,
  'reset.perDay': perDay,
  'reset.per30Days': per30Days,
});

describe('nextReset', () => {
  test.each<[string, Date[], Date | null]>([
    ['without resets: now', [], null],
    ['a day after the last one: now', [ago(24)], null],
    ['less than a day after it: when the day is over', [ago(24, -1)], ago(0, -1)],
    ['a moment after it: in a day', [now], ago(-24)],
    ['four in 30 days: when the first of them is 30 days old', [ago(719), ago(400), ago(300), ago(200)], ago(-1)],
    ['four, the first of them 30 days ago: now', [ago(720), ago(400), ago(300), ago(200)], null],
    ['both at once: the later end', [ago(700), ago(400), ago(300), ago(1)], ago(-23)],
    ['in any order', [ago(200), ago(719), ago(300), ago(400)], ago(-1)],
    ['more than allowed, after the setting was lowered', [ago(719), ago(700), ago(400), ago(300), ago(200)], ago(-20)],
  ])('%s', (_, resets, next) => {
    expect(nextReset(resets, defaultSettings, now)).toEqual(next);
  });

  test('several a day count together', () => {
    const resets = [ago(20), ago(10), ago(1)];
    expect(nextReset(resets, settings(4, 10), now)).toBeNull();
    expect(nextReset(resets, settings(3, 10), now)).toEqual(ago(-4));
    expect(nextReset(resets, settings(2, 10), now)).toEqual(ago(-14));
  });

  test('0 switches owners’ resets off', () => {
    expect(nextReset([], settings(0, 4), now)).toBe('off');
    expect(nextReset([], settings(1, 0), now)).toBe('off');
  });

  test('a clock that stepped back by less than a day never frees a reset early', () => {
    expect(nextReset([ago(-5)], defaultSettings, now)).toEqual(ago(-29));
    expect(nextReset([ago(-24)], defaultSettings, now)).toEqual(ago(-48));
  });

  test('a reset further in the future than its window counts as none in it', () => {
    expect(nextReset([ago(-24, -1)], settings(1, 4), now)).toBeNull();
    const [month, months] = [ago(-30 * 24), ago(-30 * 24, -1)];
    expect(nextReset([month], settings(1, 1), now)).toEqual(ago(-60 * 24));
    expect(nextReset([months], settings(1, 1), now)).toBeNull();
    expect(withinLast30Days([months, month, ago(1), ago(30 * 24)], now)).toEqual([month, ago(1)]);
  });
});

test('a machine is free to forget from its seventh unseen day on', () => {
  const binding = { kind: 'ip', value: '203.0.113.5', firstSeenAt: ago(1000), releasedAt: null } as const;
  expect(isFreeToRelease({ ...binding, lastSeenAt: ago(168) }, now)).toBe(true);
  expect(isFreeToRelease({ ...binding, lastSeenAt: ago(168, -1) }, now)).toBe(false);
  expect(isFreeToRelease({ ...binding, lastSeenAt: ago(-200 * 24) }, now)).toBe(true);
});
