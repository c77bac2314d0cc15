import { type BindingKind, bindingKinds } from '../domain/limits.ts';

/** Bindings of a license whose `releasedAt` is `from` get `to`. `value` null: all of the kind. */
export interface BindingRelease {
  readonly licenseId: number;
  readonly kind: BindingKind;
  readonly value: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/** What a reset forgets at this instant. */
export function releasesOf(
  licenseId: number,
  release: readonly { readonly kind: BindingKind; readonly value: string | null }[],
  now: Date,
): readonly BindingRelease[] {
  return release.map(({ kind, value }) => ({ licenseId, kind, value, from: null, to: now }));
}

/** What makes all that was forgotten at an instant count again. */
export function undoneReleases(licenseId: number, at: Date): readonly BindingRelease[] {
  return bindingKinds.map((kind) => ({ licenseId, kind, value: null, from: at, to: null }));
}
