import type { Attempt } from '../../domain/attempt.ts';
import type { Binding } from '../../domain/binding.ts';
import type { BlacklistEntry } from '../../domain/blacklist.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { License, LicenseState } from '../../domain/license.ts';
import type { BindingKind, ForgetAfter, Limits } from '../../domain/limits.ts';
import type { ValidationPoints } from '../../domain/points.ts';
import type { Product } from '../../domain/product.ts';

/** A license in a list: everything but its machines. */
export interface LicenseRow {
  readonly license: License;
  readonly product: Product;
  readonly state: LicenseState;
  /** Effective: its own, else its product's, else its guild's. */
  readonly limits: Limits;
  /** Effective: its own, else its guild's. */
  readonly forgetAfter: Readonly<Record<BindingKind, ForgetAfter>>;
  /** As of now. */
  readonly points: ValidationPoints;
  readonly owner: KnownUser | null;
}

export interface LicenseView extends LicenseRow {
  /** Newest use first, the first 1,000 a kind: live slots of limited kinds, seen values of unlimited ones. */
  readonly bindings: readonly Binding[];
  readonly bindingCounts: Readonly<Record<BindingKind, number>>;
  /** The owner's UUID in this guild; null: no owner. */
  readonly customerId: string | null;
}

export interface LicenseCard extends LicenseView {
  readonly guildName: string;
  /** The last 10, newest first. */
  readonly attempts: readonly Attempt[];
  readonly lastGrant: Attempt | null;
  /** The last refusal, where nothing was granted since. */
  readonly lastDenial: LastDenial | null;
}

export interface LastDenial {
  readonly attempt: Attempt;
  readonly remedy: Remedy;
}

/** What would let a refused client in. */
export type Remedy =
  /** The slots are used up; `holders` use them, the longest unseen first. */
  | {
      readonly type: 'release';
      readonly kind: BindingKind;
      readonly value: string | null;
      readonly limit: number;
      readonly holders: readonly Binding[];
    }
  /** The limit is 0: nobody gets in. */
  | { readonly type: 'raise-limit'; readonly kind: BindingKind }
  | { readonly type: 'unblacklist'; readonly entry: BlacklistEntry | null }
  | { readonly type: 'resume' | 'switch-on' | 'extend' | 'restore' }
  /** The client asked for another product. */
  | { readonly type: 'right-product'; readonly asked: string | null; readonly product: string }
  | { readonly type: 'right-version'; readonly asked: string | null; readonly current: string | null }
  /** The license is for this scope, and the client asked for another or none. */
  | { readonly type: 'right-scope'; readonly scope: string }
  /** Its validation points are spent; with a refill they come back by themselves. */
  | { readonly type: 'more-points'; readonly isRefilled: boolean }
  /** The cause is gone: the next check passes this rule. */
  | { readonly type: 'resolved' }
  /** The client sent something wrong, or the store was away. */
  | { readonly type: 'client' };
