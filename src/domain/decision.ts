import type { Attempt } from './attempt.ts';
import type { Denial, UnknownGuildReason } from './denial.ts';
import type { Guild } from './guild.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import type { ValidationPoints } from './points.ts';
import type { Product } from './product.ts';
import type { Settings } from './settings.ts';
import type { KnownUser, Snapshot } from './snapshot.ts';

/** The writes of a grant. The store commits all of them or none. */
export interface GrantWrites {
  /**
   * Slots to take. The same write removes the kind's released slots and those that have timed out (last seen at or
   * before `forgetBefore`).
   */
  readonly take: readonly { readonly kind: BindingKind; readonly value: string; readonly forgetBefore: Date | null }[];
  /** Slots whose `lastSeenAt` becomes the current time. */
  readonly refresh: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** Values of unlimited kinds, which take no slot. */
  readonly observed: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** Set by the first grant: its instant, and the end of a duration from activation. */
  readonly activation: { readonly at: Date; readonly expiresAt: Date | null } | null;
  /** The license's validation points after this grant; null: no change. */
  readonly points: ValidationPoints | null;
}

/** The attempt to store. The store adds id, guild and time. */
export type NewAttempt = Omit<Attempt, 'id' | 'guildId' | 'at'>;

/** What the rules decide: the outcome, and everything that is committed with it. */
export interface Decision {
  readonly outcome: Granted | Denied;
  /** null: the guard rejected the request, which is then no attempt. */
  readonly attempt: NewAttempt | null;
  readonly writes: GrantWrites | null;
  /** The id of the blacklist entry that denied the request. */
  readonly blacklistHit: number | null;
}

export interface Granted {
  readonly result: 'granted';
  readonly guild: Guild;
  readonly settings: Settings;
  readonly license: License;
  readonly product: Product;
  readonly owner: KnownUser | null;
  readonly customerId: string | null;
}

interface Denied {
  readonly result: 'denied';
  readonly denial: Denial;
  /** The protocol's own sentence where the denial alone does not say it (`malformed`). */
  readonly detail: string | null;
}

/** No guild was found for the request. Nothing is stored. */
interface UnknownGuild {
  readonly result: 'unknown-guild';
  readonly reason: UnknownGuildReason;
}

export type CheckOutcome = Granted | Denied | UnknownGuild;

/** Decides a check. Pure, because the store calls it again with a newer snapshot after a write conflict. */
export type DecisionRule = (snapshot: Snapshot) => Decision;
