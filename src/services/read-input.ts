import { lastInstant } from '../domain/values/calendar.ts';
import type { Ending } from '../domain/expiry.ts';
import { parseSnowflake } from '../domain/values/ids.ts';
import {
  type BindingKind,
  bindingKinds,
  type LimitProblem,
  parseInheritableForgetAfter,
  parseInheritableLimit,
} from '../domain/limits.ts';
import { changePoints, maxPoints, type PointsChange, type ValidationPoints } from '../domain/points.ts';
import type { CommandError } from '../domain/command-error.ts';
import { changeFeatures, type FeatureChange } from '../domain/values/features.ts';
import { changeMetadata, type MetadataChange, type MetadataEntry } from '../domain/values/metadata.ts';
import { fail, type Result, succeed } from '../domain/values/result.ts';

type Texts = Readonly<Partial<Record<BindingKind, string>>>;

/** Reads a Discord id or mention; blank and null mean none. Fails with invalid-id. */
export function readDiscordId(what: 'user' | 'role', text: string | null): Result<string | null, CommandError> {
  if (text === null || text.trim() === '') return succeed(null);
  const id = parseSnowflake(text);
  return id === null ? fail({ code: 'invalid-id', what }) : succeed(id);
}

/** The limits after an edit: those that a text is given for, and the current ones. Fails with invalid-limit. */
export const readLimits = readerOfKinds(parseInheritableLimit);

/** The times after which bindings are forgotten, after an edit. Fails with invalid-limit. */
export const readForgetAfter = readerOfKinds(parseInheritableForgetAfter);

/** The validation points after an edit at this instant. Fails with invalid-points. */
export function readPoints(
  current: ValidationPoints,
  change: PointsChange | undefined,
  now: Date,
): Result<ValidationPoints, CommandError> {
  const { left, limit, amount, interval } = change ?? {};
  if (!change || (left === undefined && limit === undefined && amount === undefined && interval === undefined)) {
    return succeed(current);
  }
  const isCount = (count: number | null | undefined) =>
    count === undefined || count === null || (Number.isInteger(count) && count >= 0 && count <= maxPoints);
  if ([left, limit, amount].every(isCount)) return succeed(changePoints(current, change, now));
  return fail({ code: 'invalid-points', problem: { code: 'not-a-point-count', word: null } });
}

/** The features after an edit; undefined keeps them. Fails with invalid-features. */
export function readFeatures(
  current: readonly string[],
  change: FeatureChange | undefined,
): Result<readonly string[], CommandError> {
  const changed = changeFeatures(current, change ?? {});
  return changed.ok ? changed : fail({ code: 'invalid-features', problem: changed.error });
}

/** The metadata after an edit; undefined keeps it. Fails with invalid-metadata. */
export function readMetadata(
  current: readonly MetadataEntry[],
  change: MetadataChange | undefined,
): Result<readonly MetadataEntry[], CommandError> {
  const changed = changeMetadata(current, change ?? {});
  return changed.ok ? changed : fail({ code: 'invalid-metadata', problem: changed.error });
}

/** Reads an end: a text, with `parse`, or a Date, which may have passed. Fails with invalid-expiry. */
export function readEnding(
  expires: string | Date,
  parse: (text: string) => Result<Ending, CommandError>,
): Result<Ending, CommandError> {
  if (typeof expires === 'string') return parse(expires);
  if (expires <= lastInstant) return succeed({ expiry: { type: 'date' }, expiresAt: expires });
  return fail({ code: 'invalid-expiry', problem: { code: 'no-such-day' } });
}

function readerOfKinds<V>(parse: (text: string) => Result<V, LimitProblem>) {
  return (current: Readonly<Record<BindingKind, V>>, texts: Texts | undefined) => {
    const values: Record<BindingKind, V> = { ...current };
    for (const kind of bindingKinds) {
      const text = texts?.[kind];
      if (text === undefined) continue;
      const parsed = parse(text);
      if (!parsed.ok) return fail<CommandError>({ code: 'invalid-limit', problem: parsed.error });
      values[kind] = parsed.value;
    }
    return succeed<Readonly<Record<BindingKind, V>>>(values);
  };
}

/** A field's value after an edit: the one that is given, else the current one. */
export function readOrKeep<G, T>(
  given: G | undefined,
  current: T,
  read: (given: G) => Result<T, CommandError>,
): Result<T, CommandError> {
  return given === undefined ? succeed(current) : read(given);
}

type Values<T> = { readonly [K in keyof T]: T[K] extends Result<infer V, CommandError> ? V : never };

/** The values of all results, or the first error. */
export function combineResults<T extends Readonly<Record<string, Result<unknown, CommandError>>>>(
  results: T,
): Result<Values<T>, CommandError> {
  const values: Record<string, unknown> = {};
  for (const [name, result] of Object.entries(results)) {
    if (!result.ok) return result;
    values[name] = result.value;
  }
  return succeed(values as Values<T>);
}
