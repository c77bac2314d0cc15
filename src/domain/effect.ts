import type { HoldKind } from './hold.ts';
import type { BindingKind } from './limits.ts';

/**
 * Something to do in Discord because of a change. It is stored in the commit of the change, and a process with the
 * `bot` role carries it out. Messages are written only then, so that no key is stored in an effect.
 */
export type Effect =
  /** Give and take a member's roles, so that they have those that their licenses earn. */
  | { readonly kind: 'roles'; readonly userId: string }
  /** Send a user a message. `keys` messages are sent first and do not count towards `dm.firstContactsPerHour`. */
  | { readonly kind: 'dm'; readonly userId: string; readonly message: DirectMessage };

export type DirectMessage =
  | {
      readonly type: 'keys';
      readonly why: 'issued' | 'resent' | 'rekeyed' | 'reassigned' | 'redeemed';
      readonly licenseIds: readonly number[];
    }
  | (Notice & { readonly licenseId: number; readonly reason: string | null });

/** What became of a license, for its owner, or for a user whom it was shared with. */
export type Notice =
  | {
      readonly type: 'reset-undone' | 'extended' | 'expired' | 'taken-away' | 'deleted' | 'restored';
    }
  /** A hold was set or lifted. Earlier versions, which had one suspension, left it out. */
  | { readonly type: 'suspended'; readonly hold?: HoldKind }
  | { readonly type: 'resumed'; readonly hold?: HoldKind }
  | { readonly type: 'shared' | 'unshared' }
  /** What was forgotten: one machine, or of a whole kind (`value` null) how many. Earlier versions left it out. */
  | { readonly type: 'reset'; readonly machines?: readonly ForgottenMachines[] };

interface ForgottenMachines {
  readonly kind: BindingKind;
  readonly value: string | null;
  readonly count: number;
}

/** `waiting`: a DM to a user who is not in the server, which is sent when they join. */
export type EffectStatus = 'pending' | 'claimed' | 'waiting' | 'done' | 'failed' | 'dropped';

export interface StoredEffect {
  readonly id: number;
  readonly guildId: string;
  readonly effect: Effect;
  readonly status: EffectStatus;
  readonly createdAt: Date;
  /** When the effect may be tried first. */
  readonly dueAt: Date;
  readonly claimedAt: Date | null;
  readonly tries: number;
  /** How the effect ended: `sent`, `closed` (the user accepts no messages), `gave 1, took 0`, or why it failed. */
  readonly outcome: string | null;
}
