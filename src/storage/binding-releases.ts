import { type BindingKind, bindingKinds } from '../domain/limits.ts';

/** Bindings of a license whose `forgottenAt` is `from` get `to`. `value` null: all of the kind. */
export interface Mark {
  readonly licenseId: number;
  readonly kind: BindingKind;
  readonly value: string | null;
  readonly from: Date | null;
  readonly to: Date | null;
}

/** What a reset forgets at this instant. */
export function forgetMarks(
  licenseId: number,
  forget: readonly { readonly kind: BindingKind; readonly value: string | null }[],
  now: Date,
): readonly Mark[] {
  return forget.map(({ kind, value }) => ({ licenseId, kind, value, from: null, to: now }));
}

/** What makes all that was forgotten at an instant count again. */
export function rememberMarks(licenseId: number, at: Date): readonly Mark[] {
  return bindingKinds.map((kind) => ({ licenseId, kind, value: null, from: at, to: null }));
}
