import { type BindingKind, bindingKinds } from '../domain/limits.ts';
import { minuteMs } from '../domain/values/calendar.ts';

/** When an observed value was last used is exact to the minute: using it again within that time costs no write. */
export const lastSeenPrecisionMs = minuteMs;

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
