import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lastInstant } from '../../../src/domain/values/calendar.ts';
import {
  activationEnd,
  type Expiry,
  extendExpiry,
  graceEnd,
  isExpired,
  parseDuration,
  parseExpiry,
  parseTerm,
} from '../../../src/domain/expiry.ts';
import { describeExpiryProblem } from '../../../src/texts/expiry-problems.ts';

const now = new Date('2026-03-10T15:30:00.000Z');
const at = (text: string) => new Date(text);
const days = (start: 'creation' | 'activation', count: number): Expiry => ({ type: 'duration', start, days: count });

function problemOf(text: string, when = now): string {
  const parsed = parseExpiry(text, when);
  return parsed.ok ? `accepted: ${JSON.stringify(parsed.value)}` : describeExpiryProblem(parsed.error, String);
}

function endOf(text: string, when = now): string | null {
  const parsed = parseExpiry(text, when);
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value.expiresAt?.toISOString() ?? null;
}

describe('isExpired', () => {
  test.each([
    ['2026-03-10T15:30:00.001Z', false],
    ['2026-03-10T15:30:00.000Z', true],
    ['2026-03-10T15:29:59.999Z', true],
    ['9999-12-31T23:59:59.999Z', false],
  ])('a license that ends at %s: %s', (end, expired) => {
    expect(isExpired(at(end), now)).toBe(expired);
  });

  test('a license without an end never is', () => {
    expect(isExpired(null, lastInstant)).toBe(false);
  });

  test('a clock that steps back makes it valid again, and nothing else', () => {
    const end = at('2026-03-10T15:30:00.000Z');
    expect([0, -1, 1].map((ms) => isExpired(end, new Date(now.getTime() + ms)))).toEqual([true, false, true]);
  });
});

describe('parseExpiry', () => {
  test.each([
    ['never', { type: 'never' }, null],
    [' NEVER ', { type: 'never' }, null],
    ['lifetime', { type: 'never' }, null],
    ['Permanent', { type: 'never' }, null],
    ['12h', days('creation', 0.5), '2026-03-11T03:30:00.000Z'],
    ['90m', days('creation', 0.0625), '2026-03-10T17:00:00.000Z'],
    ['6 min', days('creation', 6 / 1440), '2026-03-10T15:36:00.000Z'],
    ['48 hours', days('creation', 2), '2026-03-12T15:30:00.000Z'],
    ['30d', days('creation', 30), '2026-04-09T15:30:00.000Z'],
    ['1d', days('creation', 1), '2026-03-11T15:30:00.000Z'],
    ['30 days', days('creation', 30), '2026-04-09T15:30:00.000Z'],
    ['2w', days('creation', 14), '2026-03-24T15:30:00.000Z'],
    ['6mo', { type: 'date' }, '2026-09-10T15:30:00.000Z'],
    ['1Y', { type: 'date' }, '2027-03-10T15:30:00.000Z'],
    ['2027-01-31', { type: 'date' }, '2027-01-31T23:59:59.999Z'],
    ['2026-03-10', { type: 'date' }, '2026-03-10T23:59:59.999Z'],
    ['2027-01-31T12:00:00Z', { type: 'date' }, '2027-01-31T12:00:00.000Z'],
    ['2027-01-31t12:00:00.5z', { type: 'date' }, '2027-01-31T12:00:00.500Z'],
    ['2027-01-31 12:00', { type: 'date' }, '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T00:30:00+02:00', { type: 'date' }, '2027-01-30T22:30:00.000Z'],
    ['2027-01-31T23:30:00-0330', { type: 'date' }, '2027-02-01T03:00:00.000Z'],
    ['2028-02-29', { type: 'date' }, '2028-02-29T23:59:59.999Z'],
    ['9999-12-31', { type: 'date' }, '9999-12-31T23:59:59.999Z'],
    ['30d@activation', days('activation', 30), null],
    ['2w @ Activation', days('activation', 14), null],
    ['12h@activation', days('activation', 0.5), null],
  ])('%s is understood', (text, expiry, end) => {
    expect(parseExpiry(text, now)).toEqual({ ok: true, value: { expiry, expiresAt: end === null ? null : at(end) } });
  });

  test.each([
    ['2026-01-31T10:00:00Z', '1mo', '2026-02-28T10:00:00.000Z'],
    ['2028-01-31T10:00:00Z', '1mo', '2028-02-29T10:00:00.000Z'],
    ['2026-08-31T00:00:00Z', '6mo', '2027-02-28T00:00:00.000Z'],
    ['2026-03-31T23:59:59Z', '1mo', '2026-04-30T23:59:59.000Z'],
    ['2026-12-31T00:00:00Z', '2mo', '2027-02-28T00:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '1y', '2029-02-28T00:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '4y', '2032-02-29T00:00:00.000Z'],
    ['2096-02-29T00:00:00Z', '4y', '2100-02-28T00:00:00.000Z'],
    ['2028-02-28T12:00:00Z', '1d', '2028-02-29T12:00:00.000Z'],
  ])('from %s, %s ends at the month’s end where the day does not exist', (from, text, end) => {
    expect(endOf(text, at(from))).toBe(end);
  });

  test.each([
    ['03/04/2027', '2027-04-03 or 2027-03-04'],
    ['3.4.2027', '2027-04-03 or 2027-03-04'],
    ['3-4-2027', '2027-04-03 or 2027-03-04'],
    ['31/01/2027', '2027-01-31'],
    ['01/31/2027', '2027-01-31'],
    ['04/04/2027', '2027-04-04'],
    ['6m', '6min or 6mo'],
    ['12m@activation', '12min or 12mo'],
  ])('%s is refused with what it may mean', (text, readings) => {
    expect(problemOf(text)).toContain(` ${readings}.`);
  });

  test.each([
    ['2026-03-09', 'in the past'],
    ['2026-03-10T15:30:00Z', 'in the past'],
    ['1999-01-01', 'in the past'],
    ['0000-01-01', 'in the past'],
    ['2027-02-29', 'no such day'],
    ['2027-02-30', 'no such day'],
    ['2027-13-01', 'no such day'],
    ['2027-00-10', 'no such day'],
    ['2100-02-29', 'no such day'],
    ['2027-01-31T24:00:00Z', 'no such day'],
    ['2027-01-31T12:60:00Z', 'no such day'],
    ['2027-01-31T12:00:00+99:00', 'no such day'],
    ['32/13/2027', 'no such day'],
    ['0d', 'at least one minute'],
    ['0mo', 'at least one minute'],
    ['0h', 'at least one minute'],
    ['0d@activation', 'at least one minute'],
    ['-30d@activation', '30d@activation'],
    ['6mo@activation', '180d@activation'],
    ['1y@activation', '180d@activation'],
    ['2027-01-31@activation', '30d@activation'],
    ['never@activation', '30d@activation'],
    ['8000y', 'after the year 9999'],
    ['9999999d', 'after the year 9999'],
    ['9999999y', 'after the year 9999'],
    ['9999999d@activation', 'after the year 9999'],
    ['9999-12-31T23:59:59-01:00', 'after the year 9999'],
    ['', 'Write for example'],
    ['-30d', 'Write for example'],
    ['−12h', 'Write for example'],
    ['30', 'Write for example'],
    ['1.5y', 'Write for example'],
    ['10000-01-01', 'Write for example'],
    ['tomorrow', 'Write for example'],
    ['99999999d', 'Write for example'],
    ['2027-1-31', 'Write for example'],
    ['NaN', 'Write for example'],
  ])('%j is refused, saying “%s”', (text, sentence) => {
    expect(problemOf(text)).toContain(sentence);
  });

  test('the year 9999 is the last one', () => {
    const late = at('9999-06-15T00:00:00Z');
    expect(endOf('6mo', late)).toBe('9999-12-15T00:00:00.000Z');
    expect(endOf('199d', late)).toBe('9999-12-31T00:00:00.000Z');
    expect(problemOf('200d', late)).toContain('after the year 9999');
    expect(problemOf('7mo', late)).toContain('after the year 9999');
  });

  test('whatever is accepted ends later than now and not after 9999', () => {
    const piece = fc.constantFrom(
      '0',
      '1',
      '30',
      '2027',
      '-',
      '/',
      '.',
      ':',
      'T',
      'Z',
      '+',
      'd',
      'mo',
      'y',
      '@activation',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (wanted) => {
        const parsed = parseExpiry(wanted, now);
        if (!parsed.ok || parsed.value.expiresAt === null) return;
        expect(parsed.value.expiresAt.getTime()).toBeGreaterThan(now.getTime());
        expect(parsed.value.expiresAt.getTime()).toBeLessThanOrEqual(lastInstant.getTime());
      }),
    );
  });
});

describe('extending', () => {
  const term = (text: string) => {
    const parsed = parseTerm(text);
    if (!parsed.ok) throw new Error(parsed.error.code);
    return parsed.value;
  };

  test.each([
    ['from its end', '2026-04-01T00:00:00Z', '30d', '2026-05-01T00:00:00.000Z'],
    ['from its end, by the calendar', '2026-05-31T08:00:00Z', '1mo', '2026-06-30T08:00:00.000Z'],
    ['from now where its end has passed', '2026-01-01T00:00:00Z', '30d', '2026-04-09T15:30:00.000Z'],
    ['from now where it ends right now', '2026-03-10T15:30:00Z', '1d', '2026-03-11T15:30:00.000Z'],
    ['from a leap day', '2028-02-29T00:00:00Z', '1y', '2029-02-28T00:00:00.000Z'],
    ['hours and minutes', '2026-04-01T00:00:00Z', '12h', '2026-04-01T12:00:00.000Z'],
    ['back from its end', '2026-06-01T00:00:00Z', '-30d', '2026-05-02T00:00:00.000Z'],
    ['back by the calendar', '2026-03-31T08:00:00Z', '-1mo', '2026-02-28T08:00:00.000Z'],
    ['back with a typographic minus', '2026-06-01T00:00:00Z', '−90 min', '2026-05-31T22:30:00.000Z'],
    ['back into the past, where it then has ended', '2026-03-20T00:00:00Z', '-30d', '2026-02-18T00:00:00.000Z'],
    ['back from its end where that has passed', '2026-03-01T00:00:00Z', '-1d', '2026-02-28T00:00:00.000Z'],
  ])('counts %s', (_, end, text, longer) => {
    for (const expiry of [{ type: 'date' }, days('creation', 30), days('activation', 30)] as const) {
      expect(extendExpiry(expiry, at(end), term(text), now)).toEqual({
        ok: true,
        value: { expiry: { type: 'date' }, expiresAt: at(longer) },
      });
    }
  });

  test('a duration that has not started loses days, but not all', () => {
    const shorten = (text: string) => extendExpiry(days('activation', 30), null, term(text), now);
    expect(shorten('-29d')).toEqual({ ok: true, value: { expiry: days('activation', 1), expiresAt: null } });
    expect(shorten('-36h')).toEqual({ ok: true, value: { expiry: days('activation', 28.5), expiresAt: null } });
    expect(shorten('-30d')).toEqual({ ok: false, error: { code: 'shorter-than-a-minute' } });
  });

  test('a duration that has not started gets more days', () => {
    expect(extendExpiry(days('activation', 30), null, term('2w'), now)).toEqual({
      ok: true,
      value: { expiry: days('activation', 44), expiresAt: null },
    });
  });

  test.each([
    [days('activation', 30), null, '1mo', '180d@activation'],
    [{ type: 'date' } as const, at('2026-04-01T00:00:00Z'), '-60y', 'before the year 1970'],
    [{ type: 'date' } as const, at('2026-04-01T00:00:00Z'), '-9999999y', 'before the year 1970'],
    [{ type: 'never' } as const, null, '30d', 'never expires'],
    [{ type: 'date' } as const, at('9999-12-01T00:00:00Z'), '31d', 'after the year 9999'],
    [days('activation', 2_900_000), null, '30000d', 'after the year 9999'],
  ])('%j until %j by %s is refused, saying “%s”', (expiry, end, text, sentence) => {
    const extended = extendExpiry(expiry, end, term(text), now);
    expect(extended.ok ? '' : describeExpiryProblem(extended.error, String)).toContain(sentence);
  });

  test.each(['', '0d', '0mo', '0h', '-0d', '30', '--1d', '6m', '30d@activation', '2027-01-31', 'never'])(
    '%j is no term',
    (text) => {
      expect(parseTerm(text).ok).toBe(false);
    },
  );

  test('by a positive term never shortens a license', () => {
    const instants = fc.date({ min: at('2000-01-01T00:00:00Z'), max: at('2100-01-01T00:00:00Z'), noInvalidDate: true });
    const terms = fc.oneof(
      fc.record({ days: fc.integer({ min: 1, max: 4000 }) }),
      fc.record({ months: fc.integer({ min: 1, max: 120 }) }),
    );
    fc.assert(
      fc.property(instants, instants, terms, (end, when, longer) => {
        const extended = extendExpiry({ type: 'date' }, end, longer, when);
        expect(extended.ok).toBe(true);
        if (!extended.ok) return;
        expect(extended.value.expiresAt!.getTime()).toBeGreaterThan(Math.max(end.getTime(), when.getTime()));
      }),
    );
  });
});

describe('activationEnd', () => {
  test('a duration from activation counts from the first grant', () => {
    expect(activationEnd(days('activation', 30), now)).toEqual(at('2026-04-09T15:30:00.000Z'));
  });

  test('over a leap day too', () => {
    expect(activationEnd(days('activation', 2), at('2028-02-28T00:00:00Z'))).toEqual(at('2028-03-01T00:00:00Z'));
  });

  test('it ends with the year 9999 at the latest', () => {
    expect(activationEnd(days('activation', 9_999_999), now)).toEqual(lastInstant);
    expect(activationEnd(days('activation', Number.MAX_SAFE_INTEGER), now)).toEqual(lastInstant);
  });

  test('other expiries get no end from it', () => {
    for (const expiry of [{ type: 'never' }, { type: 'date' }, days('creation', 3)] as const) {
      expect(activationEnd(expiry, now)).toBeNull();
    }
  });
});

describe('parseDuration', () => {
  test.each([
    ['90m', 5_400_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['2 weeks', 1_209_600_000],
    ['1MO', 2_592_000_000],
    ['1y', 31_536_000_000],
    ['100y', 3_153_600_000_000],
  ])('%s is understood', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '0d', '7', '-7d', '101y', '1s', '1h30m', '999999999y', 'forever'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});

describe('the days of grace', () => {
  const end = at('2026-03-10T15:30:00Z');
  const inMs = (ms: number) => new Date(end.getTime() + ms);

  test('begin with the end and last to the instant', () => {
    expect(graceEnd(end, 3, inMs(-1))).toBeNull();
    expect(graceEnd(end, 3, end)).toEqual(inMs(3 * 86_400_000));
    expect(graceEnd(end, 3, inMs(3 * 86_400_000 - 1))).toEqual(inMs(3 * 86_400_000));
    expect(graceEnd(end, 3, inMs(3 * 86_400_000))).toBeNull();
  });

  test('there are none without an end, or where the product has none', () => {
    expect(graceEnd(null, 3, end)).toBeNull();
    expect(graceEnd(end, 0, end)).toBeNull();
  });
});
