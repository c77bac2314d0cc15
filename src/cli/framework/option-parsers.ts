import { InvalidArgumentError } from 'commander';

/** A parser of an option for whole numbers from `min` to `max`; any other text is a usage error. */
export function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A field that can be cleared: null for `none` and blank, which clear it; undefined where the option was not given. */
export function parseClearable(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' || text.trim().toLowerCase() === 'none' ? null : text;
}
