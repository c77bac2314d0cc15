export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The last instant that an expiry can have. */
export const lastInstant = new Date('9999-12-31T23:59:59.999Z');

const isoText =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?\s*(?:(Z)|([+-])(\d{2}):?(\d{2}))?)?$/i;
const slashText = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;

/**
 * The same day and time of day some calendar months later, in UTC; the month's last day where the day does not exist.
 */
export function addMonths(from: Date, months: number): Date {
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(to.getUTCMonth() + months);
  to.setUTCDate(Math.min(from.getUTCDate(), daysInMonth(to.getUTCFullYear(), to.getUTCMonth() + 1)));
  return to;
}

/**
 * Whether a stored instant was written by a clock that was ahead, so that it counts as none. Such an instant lies later
 * than now plus `lengthMs`, the time for which it matters: how long a wait, claim or window is that begins or ends then.
 */
export function isFromWrongClock(at: Date | number, lengthMs: number, now: Date | number): boolean {
  return Number(at) > Number(now) + lengthMs;
}

/** The instant so many days of 24 hours later. */
export function addDays(from: Date, days: number): Date {
  return new Date(from.getTime() + Math.round(days * dayMs));
}

/** Reads an ISO date, or date with time in UTC or with an offset. A date alone means its last millisecond in UTC. */
export function parseInstant(text: string): Date | 'no-date' | 'no-such-day' {
  const match = isoText.exec(text);
  if (!match) return 'no-date';
  const [, year, month, day, hour, minute, second = '0', fraction = '0', , sign, offsetHour = '0', offsetMinute = '0'] =
    match;
  if (!isDay(Number(year), Number(month), Number(day))) return 'no-such-day';
  if (hour === undefined) return new Date(`${year}-${month}-${day}T23:59:59.999Z`);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return 'no-such-day';
  if (Number(offsetHour) > 14 || Number(offsetMinute) > 59) return 'no-such-day';
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00.000Z`);
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 + Number(fraction.padEnd(3, '0'));
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * minuteMs * (sign === '-' ? -1 : 1);
  return new Date(midnight + timeMs - offsetMs);
}

/** The ISO dates that a text such as `03/04/2027` may mean, day or month first. null: the text has another form. */
export function readingsOf(text: string): readonly string[] | null {
  const match = slashText.exec(text);
  if (!match) return null;
  const [, a = '', b = '', year = ''] = match;
  const readings = [
    [b, a],
    [a, b],
  ].flatMap(([month = '', day = '']) =>
    isDay(Number(year), Number(month), Number(day))
      ? [`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`]
      : [],
  );
  return [...new Set(readings)];
}

function isDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
