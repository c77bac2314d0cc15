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

/** When a license ends. A duration counts days from the license's creation or from its first grant. */
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

/** A length of time: days, or calendar months. */
export type Term = { readonly days: number } | { readonly months: number };

/** Why a text is no expiry or term, or why a license cannot end then. */
export type ExpiryProblem =
  | { readonly code: 'not-an-expiry' | 'not-a-term' }
  /** `03/04/2027`: both ISO dates that it may mean. */
  | { readonly code: 'ambiguous-date'; readonly text: string; readonly readings: readonly string[] }
  /** `31/01/2027`: the only ISO date that it may mean. */
  | { readonly code: 'year-not-first'; readonly reading: string }
  | { readonly code: 'no-such-day' | 'in-the-past' | 'after-year-9999' }
  | { readonly code: 'shorter-than-a-day' | 'extended-by-nothing' }
  /** What stands before `@activation` is no term, or is one in months, which have no length before they start. */
  | { readonly code: 'no-days-from-activation' | 'months-from-activation' }
  | { readonly code: 'never-expires' }
  /** Counted from the license's creation or first grant, the new end lies in the past. */
  | { readonly code: 'end-has-passed' }
  /** For an API key, which is never activated. */
  | { readonly code: 'api-key-from-activation' };

const termText = /^(\d{1,7})\s*(d|days?|w|weeks?|mo|months?|y|years?)$/;
const durationText = /^(\d{1,9})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)$/;
const activationSuffix = /\s*@\s*activation$/;
const maxDurationMs = 100 * 365 * dayMs;

/** Whether a license has ended. At the instant `expiresAt` it has. */
export function isExpired(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && now.getTime() >= expiresAt.getTime();
}

/** Reads `never`, a term from now (`30d`, `2w`, `6mo`, `1y`), `30d@activation`, a date, or a date with time. */
export function parseExpiry(text: string, now: Date): Result<Ending, ExpiryProblem> {
  const word = text.trim().toLowerCase();
  if (word === 'never') return succeed({ expiry: { type: 'never' }, expiresAt: null });
  if (activationSuffix.test(word)) return fromActivation(word.replace(activationSuffix, ''), now);
  const term = readTerm(word);
  if (term) return fromCreation(term, now);
  return fromDate(text.trim(), now);
}

/** Reads by how much to extend a license: `30d`, `2w`, `6mo`, `1y`. */
export function parseTerm(text: string): Result<Term, ExpiryProblem> {
  const term = readTerm(text.trim().toLowerCase());
  if (!term) return fail({ code: 'not-a-term' });
  return isNothing(term) ? fail({ code: 'extended-by-nothing' }) : succeed(term);
}

/**
 * Extends a license from its end, or from now if that has passed. Its expiry becomes a date, since the end no longer
 * follows from its start. A duration that has not started gets more days.
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
    const days = expiry.days + term.days;
    return isTooFar(addDays(now, days))
      ? fail({ code: 'after-year-9999' })
      : succeed({ expiry: { ...expiry, days }, expiresAt: null });
  }
  const end = addTerm(isExpired(expiresAt, now) ? now : expiresAt, term);
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

function readTerm(text: string): Term | null {
  const match = termText.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  const unit = match[2]?.charAt(0);
  if (unit === 'm') return { months: count };
  if (unit === 'y') return { months: 12 * count };
  return { days: unit === 'w' ? 7 * count : count };
}

function addTerm(from: Date, term: Term): Date {
  return 'months' in term ? addMonths(from, term.months) : addDays(from, term.days);
}

function isNothing(term: Term): boolean {
  return 'months' in term ? term.months === 0 : term.days === 0;
}

/** Also true for an invalid Date, which results from an addition beyond the largest Date. */
function isTooFar(end: Date): boolean {
  return !(end.getTime() <= lastInstant.getTime());
}

function fromCreation(term: Term, now: Date): Result<Ending, ExpiryProblem> {
  if (isNothing(term)) return fail({ code: 'shorter-than-a-day' });
  const expiresAt = addTerm(now, term);
  if (isTooFar(expiresAt)) return fail({ code: 'after-year-9999' });
  const expiry: Expiry = 'months' in term ? { type: 'date' } : { type: 'duration', start: 'creation', days: term.days };
  return succeed({ expiry, expiresAt });
}

function fromActivation(text: string, now: Date): Result<Ending, ExpiryProblem> {
  const term = readTerm(text);
  if (!term) return fail({ code: 'no-days-from-activation' });
  if ('months' in term) return fail({ code: 'months-from-activation' });
  if (isNothing(term)) return fail({ code: 'shorter-than-a-day' });
  if (isTooFar(addDays(now, term.days))) return fail({ code: 'after-year-9999' });
  return succeed({ expiry: { type: 'duration', start: 'activation', days: term.days }, expiresAt: null });
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
