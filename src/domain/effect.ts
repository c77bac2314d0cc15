/**
 * Something to do in Discord because of a change. It is stored with the change and carried out by a process with the
 * `bot` role; texts are made then, so no key is ever stored in an effect.
 */
export type Effect =
  /** Give and take the member's roles until they are right. */
  | { readonly kind: 'roles'; readonly userId: string }
  /** Tell a person; `keys` messages carry license keys, go first and do not count against the hour. */
  | { readonly kind: 'dm'; readonly userId: string; readonly message: DirectMessage };

export type DirectMessage =
  | {
      readonly type: 'keys';
      readonly why: 'issued' | 'resent' | 'rekeyed' | 'reassigned' | 'redeemed';
      readonly licenseIds: readonly number[];
    }
  | {
      readonly type: 'suspended' | 'resumed' | 'reset' | 'extended' | 'expired' | 'taken-away' | 'deleted' | 'restored';
      readonly licenseId: number;
      readonly reason: string | null;
    };

export type EffectStatus = 'pending' | 'claimed' | 'done' | 'failed' | 'dropped';

export interface StoredEffect {
  readonly id: number;
  readonly guildId: string;
  readonly effect: Effect;
  readonly status: EffectStatus;
  readonly createdAt: Date;
  /** Not to be tried before. */
  readonly dueAt: Date;
  readonly claimedAt: Date | null;
  readonly tries: number;
  /** How it ended: `sent`, `closed` (the user's DMs), `gave 1, took 0`, or why it failed. */
  readonly outcome: string | null;
}
