import { InvalidArgumentError } from 'commander';
import type { CliOption } from './command.ts';

/** A parser of an option for whole numbers from `min` to `max`; any other text is a usage error. */
export function parseWholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** An option that may be repeated, whose values `call.parsed` returns as a list. */
export function repeated(
  flags: string,
  description: string,
  parse: (text: string) => unknown = (text) => text,
): CliOption {
  const add = (text: string, previous: unknown) => [
    ...((previous as readonly unknown[] | undefined) ?? []),
    parse(text),
  ];
  return { flags, description: `${description}; may be repeated`, parse: add };
}

/** A parser of `on` and `off`, which may be left out for `on`; any other text is a usage error. */
export function parseOnOff(text: string): boolean {
  const typed = text.trim().toLowerCase();
  if (typed === 'on' || typed === 'off') return typed === 'on';
  throw new InvalidArgumentError('It must be on or off.');
}

/** A field that can be cleared: null for `none` and blank, which clear it; undefined where the option was not given. */
export function parseClearable(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' || text.trim().toLowerCase() === 'none' ? null : text;
}
