import { addDays, addMonths, dayMs, lastInstant, parseInstant, readingsOf } from './calendar.ts';
import { fail, type Result, succeed } from './result.ts';

/** When a license ends. A duration counts days from its creation or from its first grant. */
export type Expiry =
  | { readonly type: 'never' }
  | { readonly type: 'date' }
  | { readonly type: 'duration'; readonly start: 'creation' | 'activation'; readonly days: number };

/** An expiry with the end that it has so far. */
export interface Ending {
  readonly expiry: Expiry;
  /** null: never, or a duration that has not started. */
  readonly expiresAt: Date | null;
}

/** How much longer: days, or calendar months. */
export type Term = { readonly days: number } | { readonly months: number };

/** Why a text is no expiry, as a sentence for who wrote it. */
export type ExpiryError = string;

const examples = 'Write for example 30d, 6mo, 1y, 2027-01-31, 30d@activation or never.';
const tooFar: ExpiryError = 'That is after the year 9999. Write an earlier date, or never.';
const daysOnly: ExpiryError =
  'Months and years have no length before they start. Write days, for example 180d@activation.';
const termText = /^(\d{1,7})\s*(d|days?|w|weeks?|mo|months?|y|years?)$/;
const durationText = /^(\d{1,9})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?|mo|months?|y|years?)$/;
const activationSuffix = /\s*@\s*activation$/;
const maxDurationMs = 100 * 365 * dayMs;

/** Expired from the instant `now >= expiresAt`. */
export function isExpired(expiresAt: Date | null, now: Date): boolean {
  return expiresAt !== null && now.getTime() >= expiresAt.getTime();
}

/** Reads `never`, a term (`30d`, `2w`, `6mo`, `1y`), `30d@activation`, a date, or a date with time. */
export function parseExpiry(text: string, now: Date): Result<Ending, ExpiryError> {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'never') return succeed({ expiry: { type: 'never' }, expiresAt: null });
  if (activationSuffix.test(wanted)) return fromActivation(wanted.replace(activationSuffix, ''), now);
  const term = readTerm(wanted);
  if (term) return fromCreation(term, now);
  return fromDate(text.trim(), now);
}

/** Reads how much longer a license should run: `30d`, `2w`, `6mo`, `1y`. */
export function parseTerm(text: string): Result<Term, ExpiryError> {
  const term = readTerm(text.trim().toLowerCase());
  if (!term) return fail('Write how much longer, for example 30d, 2w, 6mo or 1y.');
  return isNothing(term) ? fail('Extend by at least one day.') : succeed(term);
}

/**
 * Runs it longer: from its end, or from now if that has passed. The end then follows from no start any more and is a
 * date. A duration that has not started gets more days.
 */
export function extendExpiry(
  expiry: Expiry,
  expiresAt: Date | null,
  term: Term,
  now: Date,
): Result<Ending, ExpiryError> {
  if (expiry.type === 'never') return fail('It never expires, so there is nothing to extend.');
  if (expiresAt === null) {
    if (expiry.type !== 'duration' || 'months' in term) return fail(daysOnly);
    const days = expiry.days + term.days;
    return isTooFar(addDays(now, days)) ? fail(tooFar) : succeed({ expiry: { ...expiry, days }, expiresAt: null });
  }
  const end = addTerm(isExpired(expiresAt, now) ? now : expiresAt, term);
  return isTooFar(end) ? fail(tooFar) : succeed({ expiry: { type: 'date' }, expiresAt: end });
}

/** The end that a duration from activation gets when it starts now; null: its end does not come from activation. */
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
  if (unit.startsWith('m')) return 60_000;
  if (unit.startsWith('h')) return 3_600_000;
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

/** Also true of what no Date can hold. */
function isTooFar(end: Date): boolean {
  return !(end.getTime() <= lastInstant.getTime());
}

function fromCreation(term: Term, now: Date): Result<Ending, ExpiryError> {
  if (isNothing(term)) return fail('A license runs for at least one day.');
  const expiresAt = addTerm(now, term);
  if (isTooFar(expiresAt)) return fail(tooFar);
  const expiry: Expiry = 'months' in term ? { type: 'date' } : { type: 'duration', start: 'creation', days: term.days };
  return succeed({ expiry, expiresAt });
}

function fromActivation(text: string, now: Date): Result<Ending, ExpiryError> {
  const term = readTerm(text);
  if (!term) return fail(`Only days can count from activation. ${examples}`);
  if ('months' in term) return fail(daysOnly);
  if (isNothing(term)) return fail('A license runs for at least one day.');
  if (isTooFar(addDays(now, term.days))) return fail(tooFar);
  return succeed({ expiry: { type: 'duration', start: 'activation', days: term.days }, expiresAt: null });
}

function fromDate(text: string, now: Date): Result<Ending, ExpiryError> {
  const readings = readingsOf(text);
  if (readings?.length === 2) return fail(`${text} can be read in two ways: write ${readings.join(' or ')}.`);
  if (readings?.length === 1) return fail(`Write the date with the year first: ${readings.join('')}.`);
  const expiresAt = parseInstant(text);
  if (expiresAt === 'no-such-day' || readings) return fail('There is no such day or time in the calendar.');
  if (expiresAt === 'no-date') return fail(`That is no expiry. ${examples}`);
  if (isTooFar(expiresAt)) return fail(tooFar);
  if (isExpired(expiresAt, now)) {
    return fail('That is in the past. Write a later date; to stop a license now, suspend it.');
  }
  return succeed({ expiry: { type: 'date' }, expiresAt });
}
