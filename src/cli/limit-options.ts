import { type BindingKind, bindingKinds } from '../domain/limits.ts';
import { parsePoints } from '../domain/parse-points.ts';
import type { PointsChange } from '../domain/points.ts';
import { fail } from '../domain/values/result.ts';
import type { CliOption, CliCall } from './framework/command.ts';
import { unwrap } from './framework/errors.ts';

type KindTexts = Readonly<Partial<Record<BindingKind, string>>>;

/** `--ip-limit`, `--hwid-limit`, `--mac-limit`. */
export const limitOptions: readonly CliOption[] = bindingKinds.map((kind) => ({
  flags: `--${kind}-limit <n>`,
  description: `${kind === 'ip' ? 'IPs' : `${kind.toUpperCase()}s`} per license: 0 to 1000, unlimited, or inherit`,
}));

/** The limits that were given, as text for the services, which parse them. */
export function readLimits(call: CliCall): KindTexts {
  return readKindTexts(call, (kind) => `${kind}Limit`);
}

function readKindTexts(call: CliCall, optionOf: (kind: BindingKind) => string): KindTexts {
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
  description: `forget ${kind === 'ip' ? 'IPs' : `${kind.toUpperCase()}s`} unused for this long: minutes, 12h, never, or inherit`,
}));

/** The times that were given, as text for the services, which parse them. */
export function readForgetAfter(call: CliCall): KindTexts {
  return readKindTexts(call, (kind) => `forget${kind.charAt(0).toUpperCase()}${kind.slice(1)}`);
}

/** `--points`, `--points-limit`, `--points-refill`. */
export const pointOptions: readonly CliOption[] = [
  { flags: '--points <n>', description: 'validation points of the license now (LicenseGate), or unlimited' },
  { flags: '--points-limit <n>', description: 'the number up to which they refill, or none' },
  { flags: '--points-refill <rate>', description: 'how fast they refill: 10/minute, per 10s, hour or day; or none' },
];

/** The points that were given; a text that is not valid ends the command. */
export function readPoints(call: CliCall): PointsChange {
  const texts = { left: call.text('points'), limit: call.text('pointsLimit'), refill: call.text('pointsRefill') };
  const points = parsePoints(texts);
  return points.ok ? points.value : unwrap(fail({ code: 'invalid-points', problem: points.error }));
}
