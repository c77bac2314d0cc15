import type { BindingKind } from './limits.ts';

/**
 * An IP, HWID or MAC address that used a license. It takes a slot where its kind is limited, and is an observed value
 * where it is not.
 */
export interface Binding {
  readonly kind: BindingKind;
  readonly value: string;
  readonly firstSeenAt: Date;
  /** Exact to the minute, or to a tenth of `forgetAfter` if that is less. */
  readonly lastSeenAt: Date;
  /** When a reset released the binding. It no longer counts, and its slot is given away when another value needs it. */
  readonly releasedAt: Date | null;
}
