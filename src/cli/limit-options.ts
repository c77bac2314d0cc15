import { InvalidArgumentError } from 'commander';
import { type BindingKind, bindingKinds } from '../domain/limits.ts';
import { parsePoints } from '../domain/point-texts.ts';
import type { PointsChange } from '../domain/points.ts';
import { fail } from '../domain/result.ts';
import type { ClosedCall, CliOption } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';

type KindTexts = Readonly<Partial<Record<BindingKind, string>>>;

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
export function limitsOf(call: ClosedCall): KindTexts {
  return kindTexts(call, (kind) => `${kind}Limit`);
}

function kindTexts(call: ClosedCall, optionOf: (kind: BindingKind) => string): KindTexts {
  return Object.fromEntries(
    bindingKinds.flatMap((kind) => {
      const text = call.text(optionOf(kind));
      return text === undefined ? [] : [[kind, text]];
    }),
  );
}

/** `--forget-ip`, `--forget-hwid`, `--forget-mac`. */
export const forgetOptions: readonly CliOption[] = bindingKinds.map((kind) => ({
  flags: `--forget-${kind} <time>`,
  describes: `forget ${kind === 'ip' ? 'IPs' : `${kind.toUpperCase()}s`} unseen so long: minutes, 12h, never, or inherit`,
}));

/** The times that were given, as services read them. */
export function forgetOf(call: ClosedCall): KindTexts {
  return kindTexts(call, (kind) => `forget${kind.charAt(0).toUpperCase()}${kind.slice(1)}`);
}

/** `--points`, `--points-limit`, `--points-refill`. */
export const pointOptions: readonly CliOption[] = [
  { flags: '--points <n>', describes: 'validation points that it has now (LicenseGate), or unlimited' },
  { flags: '--points-limit <n>', describes: 'how far they fill up again, or none' },
  { flags: '--points-refill <rate>', describes: 'how they come back: 10/minute, per 10s, hour or day; or none' },
];

/** The points that were given. */
export function pointsOf(call: ClosedCall): PointsChange {
  const texts = { left: call.text('points'), limit: call.text('pointsLimit'), refill: call.text('pointsRefill') };
  const points = parsePoints(texts);
  return points.ok ? points.value : unwrap(fail({ code: 'invalid-points', detail: points.error }));
}

/** `none` and blank take a value away; undefined leaves it. */
export function textOrNone(text: string | undefined): string | null | undefined {
  if (text === undefined) return undefined;
  return text.trim() === '' || text.trim().toLowerCase() === 'none' ? null : text;
}
