import {
  addDays,
  addMonths,
  dayMs,
  hourMs,
  lastInstant,
  minuteMs,
  parseInstant,
  readingsOf,
} from './values/calendar.ts';
import { fail, type Result, succeed } from './values/result.ts';

/**
 * When a license ends. A duration counts days from the license's creation or from its first grant; a fraction of a day
 * is a whole number of minutes.
 */
export type Expiry =
  | { readonly type: 'never' }
  | { readonly type: 'date' }
  | { readonly type: 'duration'; readonly start: 'creation' | 'activation'; readonly days: number };

/** An expiry with the instant at which it ends. */
export interface Ending {
  readonly expiry: Expiry;
  /** null: the license never ends, or its duration has not started. */
  readonly expiresAt: Date | null;
}

/** A length of time: minutes, days, or calendar months. A negative one takes time back. */
export type Term = { readonly minutes: number } | { readonly days: number } | { readonly months: number };

/** Why a text is no expiry or term, or why a license cannot end then. */
export type ExpiryProblem =
  | { readonly code: 'not-an-expiry' | 'not-a-term' }
  /** `03/04/2027`: both ISO dates that it may mean; `6m`: minutes and months. */
  | { readonly code: 'ambiguous-date'; readonly text: string; readonly readings: readonly string[] }
  /** `31/01/2027`: the only ISO date that it may mean. */
  | { readonly code: 'year-not-first'; readonly reading: string }
  | { readonly code: 'no-such-day' | 'in-the-past' | 'after-year-9999' | 'before-year-1970' }
  | { readonly code: 'shorter-than-a-minute' | 'extended-by-nothing' }
  /** What stands before `@activation` is no term, or is one in months, which have no length before they start. */
  | { readonly code: 'no-days-from-activation' | 'months-from-activation' }
  | { readonly code: 'never-expires' }
  /** Counted from the license's creation or first grant, the new end lies in the past. */
  | { readonly code: 'end-has-passed' }
  /** For an API key, which is never activated. */
  | { readonly code: 'api-key-from-activation' };

const termText = /^([-−]?)(\d{1,7})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)$/;
/** Up to this many, `m` may as well mean months: `12m`. */
const maxAmbiguousMonths = 24;
const neverWords: readonly string[] = ['never', 'lifetime', 'permanent', 'forever'];
const durationText = /^(\d{1,9})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)$/;
const activationSuffix = /\s*@\s*activation$/;
const minutesPerDay = dayMs / minuteMs;
const maxDurationMs = 100 * 365 * dayMs;

/** Whether a license has ended. At the instant `expiresAt` it has. */
export function isExpired(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && now.getTime() >= expiresAt.getTime();
}

/**
 * Until when programs may still run after the license has ended, by its product's grace days; null: it has not ended, or
 * the grace is over too.
 */
export function graceEnd(expiresAt: Date | null, graceDays: number, now: Date): Date | null {
  if (expiresAt === null || graceDays === 0 || !isExpired(expiresAt, now)) return null;
  const end = addDays(expiresAt, graceDays);
  return isExpired(end, now) ? null : end;
}

/**
 * Reads `never`, `lifetime` or `permanent`, a term from now (`12h`, `30d`, `2w`, `6mo`, `1y`), `30d@activation`, a date,
 * or a date with time.
 */
export function parseExpiry(text: string, now: Date): Result<Ending, ExpiryProblem> {
  const word = text.trim().toLowerCase();
  if (neverWords.includes(word)) return succeed({ expiry: { type: 'never' }, expiresAt: null });
  if (activationSuffix.test(word)) return fromActivation(word.replace(activationSuffix, ''), now);
  const term = readTerm(word);
  if (term === null) return fromDate(text.trim(), now);
  if (!term.ok) return term;
  return isNegative(term.value) ? fail({ code: 'not-an-expiry' }) : fromCreation(term.value, now);
}

/** Reads by how much to extend a license: `12h`, `30d`, `2w`, `6mo`, `1y`; `-30d` takes time back. */
export function parseTerm(text: string): Result<Term, ExpiryProblem> {
  const term = readTerm(text.trim().toLowerCase());
  if (term === null) return fail({ code: 'not-a-term' });
  return term.ok && isNothing(term.value) ? fail({ code: 'extended-by-nothing' }) : term;
}

/**
 * Extends a license from its end, or from now if that has passed. A negative term always counts from its end. Its expiry
 * becomes a date, since the end no longer follows from its start. A duration that has not started gets more or fewer days.
 */
export function extendExpiry(
  expiry: Expiry,
  expiresAt: Date | null,
  term: Term,
  now: Date,
): Result<Ending, ExpiryProblem> {
  if (expiry.type === 'never') return fail({ code: 'never-expires' });
  if (expiresAt === null) {
    if (expiry.type !== 'duration' || 'months' in term) return fail({ code: 'months-from-activation' });
    const days = expiry.days + daysOf(term);
    if (days * minutesPerDay < 1) return fail({ code: 'shorter-than-a-minute' });
    return isTooFar(addDays(now, days))
      ? fail({ code: 'after-year-9999' })
      : succeed({ expiry: { ...expiry, days }, expiresAt: null });
  }
  const end = addTerm(isExpired(expiresAt, now) && !isNegative(term) ? now : expiresAt, term);
  if (!(end.getTime() >= 0) && isNegative(term)) return fail({ code: 'before-year-1970' });
  return isTooFar(end) ? fail({ code: 'after-year-9999' }) : succeed({ expiry: { type: 'date' }, expiresAt: end });
}

/** The end of a duration from activation that starts now; null: the expiry is no such duration. */
export function activationEnd(expiry: Expiry, now: Date): Date | null {
  if (expiry.type !== 'duration' || expiry.start !== 'activation') return null;
  const end = addDays(now, expiry.days);
  return isTooFar(end) ? lastInstant : end;
}

/** Milliseconds of `90m`, `1h`, `7d`, `2w`, `1mo` (30 days), `1y` (365 days); null: no duration, or over 100 years. */
export function parseDuration(text: string): number | null {
  const match = durationText.exec(text.trim().toLowerCase());
  if (!match) return null;
  const durationMs = Number(match[1]) * unitMs(match[2] ?? '');
  return durationMs > 0 && durationMs <= maxDurationMs ? durationMs : null;
}

function unitMs(unit: string): number {
  if (unit.startsWith('mo')) return 30 * dayMs;
  if (unit.startsWith('m')) return minuteMs;
  if (unit.startsWith('h')) return hourMs;
  if (unit.startsWith('w')) return 7 * dayMs;
  return unit.startsWith('y') ? 365 * dayMs : dayMs;
}

/** null: the text is no term. */
function readTerm(text: string): Result<Term, ExpiryProblem> | null {
  const [, sign, digits = '', unit = ''] = termText.exec(text) ?? [];
  if (sign === undefined) return null;
  const count = Number(digits) * (sign === '' ? 1 : -1);
  if (unit === 'm' && Math.abs(count) <= maxAmbiguousMonths) {
    return fail({ code: 'ambiguous-date', text, readings: [`${sign}${digits}min`, `${sign}${digits}mo`] });
  }
  if (unit.startsWith('mo')) return succeed({ months: count });
  if (unit.startsWith('m')) return succeed({ minutes: count });
  if (unit.startsWith('h')) return succeed({ minutes: 60 * count });
  if (unit.startsWith('y')) return succeed({ months: 12 * count });
  return succeed({ days: unit.startsWith('w') ? 7 * count : count });
}

function addTerm(from: Date, term: Term): Date {
  if ('months' in term) return addMonths(from, term.months);
  return 'days' in term ? addDays(from, term.days) : new Date(from.getTime() + term.minutes * minuteMs);
}

function daysOf(term: Exclude<Term, { readonly months: number }>): number {
  return 'days' in term ? term.days : term.minutes / minutesPerDay;
}

/** The count of whatever unit the term is in. */
function countOf(term: Term): number {
  if ('months' in term) return term.months;
  return 'days' in term ? term.days : term.minutes;
}

function isNothing(term: Term): boolean {
  return countOf(term) === 0;
}

function isNegative(term: Term): boolean {
  return countOf(term) < 0;
}

/** Also true for an invalid Date, which results from an addition beyond the largest Date. */
function isTooFar(end: Date): boolean {
  return !(end.getTime() <= lastInstant.getTime());
}

function fromCreation(term: Term, now: Date): Result<Ending, ExpiryProblem> {
  if (isNothing(term)) return fail({ code: 'shorter-than-a-minute' });
  const expiresAt = addTerm(now, term);
  if (isTooFar(expiresAt)) return fail({ code: 'after-year-9999' });
  const isDate = 'months' in term;
  const expiry: Expiry = isDate ? { type: 'date' } : { type: 'duration', start: 'creation', days: daysOf(term) };
  return succeed({ expiry, expiresAt });
}

function fromActivation(text: string, now: Date): Result<Ending, ExpiryProblem> {
  const read = readTerm(text);
  if (read === null) return fail({ code: 'no-days-from-activation' });
  if (!read.ok) return read;
  const term = read.value;
  if ('months' in term) return fail({ code: 'months-from-activation' });
  if (isNegative(term)) return fail({ code: 'no-days-from-activation' });
  if (isNothing(term)) return fail({ code: 'shorter-than-a-minute' });
  const days = daysOf(term);
  if (isTooFar(addDays(now, days))) return fail({ code: 'after-year-9999' });
  return succeed({ expiry: { type: 'duration', start: 'activation', days }, expiresAt: null });
}

function fromDate(text: string, now: Date): Result<Ending, ExpiryProblem> {
  const readings = readingsOf(text);
  if (readings?.length === 2) return fail({ code: 'ambiguous-date', text, readings });
  if (readings?.length === 1) return fail({ code: 'year-not-first', reading: readings.join('') });
  const expiresAt = parseInstant(text);
  if (expiresAt === 'no-such-day' || readings) return fail({ code: 'no-such-day' });
  if (expiresAt === 'no-date') return fail({ code: 'not-an-expiry' });
  if (isTooFar(expiresAt)) return fail({ code: 'after-year-9999' });
  if (isExpired(expiresAt, now)) return fail({ code: 'in-the-past' });
  return succeed({ expiry: { type: 'date' }, expiresAt });
}
