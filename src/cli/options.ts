import { InvalidArgumentError } from 'commander';
import { bindingKinds } from '../domain/limits.ts';
import type { ClosedCall, CliOption } from './command.ts';

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** `--ip-limit`, `--hwid-limit`, `--mac-limit`. */
export const limitOptions: readonly CliOption[] = bindingKinds.map((kind) => ({
  flags: `--${kind}-limit <n>`,
  describes: `${kind === 'ip' ? 'IPs' : `${kind.toUpperCase()}s`} at once: 0 to 1000, unlimited, or inherit`,
}));

/** The limits that were given, as services read them. */
export function limitsOf(call: ClosedCall): Readonly<Partial<Record<(typeof bindingKinds)[number], string>>> {
  return Object.fromEntries(
    bindingKinds.flatMap((kind) => {
      const text = call.text(`${kind}Limit`);
      return text === undefined ? [] : [[kind, text]];
    }),
  );
}

/** `none` and blank take a value away; undefined leaves it. */
export function textOrNone(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' || text.trim().toLowerCase() === 'none' ? null : text;
}
