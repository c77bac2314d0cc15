import type { ExpiryProblem } from '../domain/expiry.ts';
import type { TextFormat } from './text-format.ts';

const examples = 'Write for example 12h, 30d, 6mo, 1y, 2027-01-31, 30d@activation or never.';

/** Why a license cannot end then, and what to write instead. */
export function describeExpiryProblem(problem: ExpiryProblem, quote: TextFormat['quote']): string {
  switch (problem.code) {
    case 'not-an-expiry':
      return `That is no expiry. ${examples}`;
    case 'not-a-term':
      return 'Write how much longer, for example 12h, 30d, 2w, 6mo or 1y. -30d takes 30 days back.';
    case 'ambiguous-date':
      return `${quote(problem.text)} can be read in two ways: write ${problem.readings.join(' or ')}.`;
    case 'year-not-first':
      return `Write the date with the year first: ${problem.reading}.`;
    case 'no-such-day':
      return 'There is no such day or time in the calendar.';
    case 'in-the-past':
      return 'That is in the past. Write a later date; to stop a license now, suspend it.';
    case 'after-year-9999':
      return 'That is after the year 9999. Write an earlier date, or never.';
    case 'before-year-1970':
      return 'That would be before the year 1970. Take less time back.';
    case 'shorter-than-a-minute':
      return 'A license runs for at least one minute.';
    case 'extended-by-nothing':
      return 'Extend by at least one minute.';
    case 'no-days-from-activation':
      return `Only a time can count from activation. ${examples}`;
    case 'months-from-activation':
      return 'Months and years have no length before they start. Write days, for example 180d@activation.';
    case 'never-expires':
      return 'It never expires, so there is nothing to extend.';
    case 'end-has-passed':
      return (
        'That end has passed: durations count from when the license was created or first used. ' +
        'Write a later date, or extend the license.'
      );
    case 'api-key-from-activation':
      return 'An API key is never activated: write a date, 90d or never.';
  }
}
