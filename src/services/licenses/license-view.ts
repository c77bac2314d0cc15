import type { Attempt } from '../../domain/attempt.ts';
import type { Binding, Slot } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { LicenseState } from '../../domain/license.ts';
import type { LicenseProducts } from '../../domain/license-products.ts';
import type { BindingKind, ForgetAfter, Limits } from '../../domain/limits.ts';
import type { ValidationPoints } from '../../domain/points.ts';

/** A license as lists show it: without its machines. */
export interface LicenseRow extends LicenseProducts {
  readonly state: LicenseState;
  /** Until when programs may run although it has expired; null: it has not, or no longer. */
  readonly graceUntil: Date | null;
  /** The effective limits: the license's own, else its product's, else its guild's. */
  readonly limits: Limits;
  /** The effective times, in minutes: the license's own, else its guild's. */
  readonly forgetAfter: Readonly<Record<BindingKind, ForgetAfter>>;
  /** Refilled up to now. */
  readonly points: ValidationPoints;
  readonly owner: KnownUser | null;
}

export interface LicenseView extends LicenseRow {
  /** Newest use first, at most 1,000 per kind: live slots of limited kinds, observed values of unlimited kinds. */
  readonly bindings: readonly Slot[];
  readonly bindingCounts: Readonly<Record<BindingKind, number>>;
  /** How many addresses share the place of another one and so do not count towards the limit (`placesOf`). */
  readonly sharedAddresses: number;
  /** The minute of its last attempt, denied and quiet ones included; null: none is stored. */
  readonly lastActiveAt: Date | null;
  /** The owner's UUID in this guild; null: no owner. */
  readonly customerId: string | null;
}

export interface LicenseCard extends LicenseView {
  readonly guildName: string;
  /** The last 10, newest first. */
  readonly attempts: readonly Attempt[];
  readonly lastGrant: Attempt | null;
  /** The last denial, where nothing was granted since. */
  readonly lastDenial: LastDenial | null;
  /** A machine whose changing addresses are refused, which `limits.ipMode` `follow-hwid` would end; null: none. */
  readonly addressPattern: AddressPattern | null;
  /** The blacklist entries that deny its checks, those for its owner and key first. */
  readonly deniedBy: readonly DenyingEntry[];
}

/** A machine whose address keeps changing, on a license whose limit of IPs has refused it. */
export interface AddressPattern {
  readonly hwid: string;
  /** How many addresses it came from. */
  readonly addresses: number;
}

/** A blacklist entry in force that denies checks of a license. */
export interface DenyingEntry {
  readonly entry: BlacklistEntry;
  /** The address, HWID or country that the license is used from; null: the entry is for its owner or key. */
  readonly value: string | null;
}

export interface LastDenial {
  readonly attempt: Attempt;
  readonly remedy: Remedy;
}

/** What would make the next check of a denied client pass. */
export type Remedy =
  /** All slots are taken; `holders` have them, the longest unseen first. */
  | {
      readonly type: 'release';
      readonly kind: BindingKind;
      readonly value: string | null;
      readonly limit: number;
      readonly holders: readonly Binding[];
    }
  /** The limit is 0: no client passes. */
  | { readonly type: 'raise-limit'; readonly kind: BindingKind; readonly value: string | null }
  | { readonly type: 'unblacklist'; readonly entry: BlacklistEntry | null }
  | { readonly type: 'resume' | 'switch-on' | 'extend' | 'restore' | 'restore-product' }
  /** The client asked for another product. */
  | {
      readonly type: 'right-product';
      readonly asked: string | null;
      readonly products: readonly { readonly name: string }[];
    }
  | { readonly type: 'right-version'; readonly asked: string | null; readonly current: string | null }
  /** The client named another release than the published ones, or none. */
  | { readonly type: 'right-release'; readonly asked: string | null; readonly published: readonly string[] }
  /** No release is published on the branch that the client asked for. */
  | { readonly type: 'right-branch'; readonly asked: string }
  /** The license is for these scopes and features, and the client asked for another or none. */
  | { readonly type: 'right-scope'; readonly allowed: readonly string[]; readonly asked: string | null }
  /** The validation points are spent; with a refill they come back after a while. */
  | { readonly type: 'more-points'; readonly isRefilled: boolean }
  /** The client sent a HWID that any number of machines have, and the guild refuses those. */
  | { readonly type: 'own-hwid' }
  /** The cause no longer exists: the next check passes this rule, so that the denial is history. */
  | { readonly type: 'resolved' }
  /** Only the client can fix its request, or the store was unavailable. */
  | { readonly type: 'client' };
