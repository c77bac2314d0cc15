/** `3 licenses`, `1 license`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** A number of minutes in the largest unit that needs no fraction: `12 hours`, `90 minutes`, `7 days`. */
export function describeMinutes(minutes: number): string {
  if (minutes % 1440 === 0) return count(minutes / 1440, 'day');
  return minutes % 60 === 0 ? count(minutes / 60, 'hour') : count(minutes, 'minute');
}

/** A number of days, of which a fraction is hours or minutes. */
export function describeDays(days: number): string {
  return describeMinutes(Math.round(days * 1440));
}
