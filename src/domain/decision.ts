import type { Attempt } from './attempt.ts';
import type { Denial, UnknownGuildReason } from './denial.ts';
import type { Guild } from './guild.ts';
import type { License } from './license.ts';
import type { BindingKind } from './limits.ts';
import type { ValidationPoints } from './points.ts';
import type { Product } from './product.ts';
import type { Settings } from './settings/settings.ts';
import type { Helper, KnownUser, Snapshot } from './snapshot.ts';

/** The writes of a grant. The store commits all of them or none. */
export interface GrantWrites {
  /**
   * Slots to take. Released and timed-out slots of the kind go in the same write; timed out are those that were not
   * seen within `forgetBefore` (`isSeenWithin`).
   */
  readonly take: readonly SlotTake[];
  /** Slots whose `lastSeenAt` becomes the current time. */
  readonly refresh: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** Values of unlimited kinds, which take no slot. */
  readonly observed: readonly { readonly kind: BindingKind; readonly value: string }[];
  /** Set by the first grant: its instant, and the end of a duration from activation. */
  readonly activation: { readonly at: Date; readonly expiresAt: Date | null } | null;
  /** The license's validation points after this grant; null: no change. */
  readonly points: ValidationPoints | null;
  /** The license's `replacements` after this grant; null: no change. */
  readonly replacements: readonly Date[] | null;
}

/** A slot that a grant takes. */
export interface SlotTake {
  readonly kind: BindingKind;
  readonly value: string;
  readonly forgetBefore: Date | null;
  /** The values of the kind whose slots are removed for it; absent: none. */
  readonly replaces?: readonly string[];
  /** See `Slot.hwid`. */
  readonly hwid?: string;
}

/** The attempt to store. The store adds id, guild and time. */
export type NewAttempt = Omit<Attempt, 'id' | 'guildId' | 'at'>;

/** What was decided about a request: its outcome and, where it is recorded, everything that is committed with it. */
export type Decision = RecordedDecision | UnrecordedDecision;

/** The rules granted or denied the request. The store commits the attempt before the client gets its answer. */
export interface RecordedDecision {
  readonly recorded: true;
  readonly outcome: Granted | Denied;
  readonly attempt: NewAttempt;
  /** null: a denial. */
  readonly writes: GrantWrites | null;
  /** The id of the blacklist entry that denied the request, whose hits grow by one; null: none did. */
  readonly blacklistHit: number | null;
}

/** The request is no attempt, and nothing is stored of it. */
interface UnrecordedDecision {
  readonly recorded: false;
  readonly outcome: NotKnown | Screened;
}

export interface Granted {
  readonly result: 'granted';
  readonly guild: Guild;
  readonly settings: Settings;
  readonly license: License;
  /** The product that was asked for, or else the license's main one. */
  readonly product: Product;
  readonly mainProduct: Product;
  /** The license's products, the main one first, where the protocol's answer shows them (`showsProducts`). */
  readonly products: readonly Product[];
  /** null: no owner, one whose name was never seen, or the protocol's answer does not show it (`showsOwner`). */
  readonly owner: KnownUser | null;
  /** Those whom the owner shares the license with; none where the protocol's answer does not show the owner. */
  readonly helpers: readonly Helper[];
}

interface Denied {
  readonly result: 'denied';
  readonly denial: Denial;
  /** The protocol's own sentence where the denial alone does not say it (`malformed`). */
  readonly detail: string | null;
}

/** Only licenses and machines that are known at the client's address were decided, and those of the request are not. */
interface NotKnown {
  readonly result: 'not-known';
}

/** Only the screening rule was asked, and it had no objection. Whether the license is granted is still open. */
interface Screened {
  readonly result: 'screened';
}

/** No guild could be found. Nothing is stored. */
interface UnknownGuild {
  readonly result: 'unknown-guild';
  readonly reason: UnknownGuildReason;
}

export type CheckOutcome = Granted | Denied | UnknownGuild | NotKnown | Screened;

/**
 * Pure: the same snapshot always gives the same decision. The store calls it again with a newer snapshot when another
 * process changed the license before the decision could be committed.
 */
export type DecisionRule = (snapshot: Snapshot) => Decision;
