import { type BindingKind, bindingKinds } from '../domain/limits.ts';
import { minuteMs } from '../domain/values/calendar.ts';

/**
 * A value that was last used later than now was used by a process whose clock is ahead by less than this, or else in the
 * past, when a clock was wrong.
 */
export const maxClockDifferenceMs = minuteMs;

/**
 * Sets `releasedAt` of a license's bindings of a kind from `from` to `to`; null means "not released". With `value` it
 * concerns that value only, otherwise all of the kind.
 */
export interface BindingRelease {
  readonly licenseId: number;
  readonly kind: BindingKind;
  readonly value: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/** The releases that a reset makes at `now`. */
export function releasesOf(
  licenseId: number,
  release: readonly { readonly kind: BindingKind; readonly value: string | null }[],
  now: Date,
): readonly BindingRelease[] {
  return release.map(({ kind, value }) => ({ licenseId, kind, value, from: null, to: now }));
}

/** The undo of a reset: all bindings that were released at `at` count again. */
export function undoneReleases(licenseId: number, at: Date): readonly BindingRelease[] {
  return bindingKinds.map((kind) => ({ licenseId, kind, value: null, from: at, to: null }));
}
