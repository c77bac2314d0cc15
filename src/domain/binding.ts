import type { BindingKind } from './limits.ts';

/** An IP, HWID or MAC that used a license. Of a limited kind it is a slot, of an unlimited kind only seen. */
export interface Binding {
  readonly kind: BindingKind;
  readonly value: string;
  readonly firstSeenAt: Date;
  /** Exact to the minute (or a tenth of `forgetAfter`, if less). */
  readonly lastSeenAt: Date;
  /** Set by a reset; a forgotten binding no longer counts and loses its slot when another needs it. */
  readonly releasedAt: Date | null;
}
