import type { Attempt } from '../../domain/attempt.ts';
import type { License } from '../../domain/license.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/values/result.ts';
import type { LicenseChanged, ResetDone, ResetTarget } from '../licenses/license-service.ts';
import type { LicenseCard } from '../licenses/license-view.ts';

/**
 * A user and one license that they own, or that is shared with them where a method says so. Licenses of other owners are
 * license-not-found, and what only the owner may do with a shared one is not-owner.
 */
export interface OwnedLicense {
  readonly userId: string;
  readonly licenseId: number;
}

/** A license as its owner or a helper sees it. */
export interface BuyerCard extends LicenseCard {
  /** The license is another user's, who shares it with this one. */
  readonly isShared?: boolean;
}

export interface Redeemed {
  readonly license: License;
  readonly product: Product;
  readonly guildName: string;
  /** `restored`: the user already owned it and gets its roles again. */
  readonly outcome: 'claimed' | 'restored';
  readonly effectIds: readonly number[];
}

export interface TrialStarted extends LicenseChanged {
  readonly guildName: string;
}

/** One page of a user's licenses. */
interface OwnedPage {
  readonly cards: readonly BuyerCard[];
  /** How many licenses the user has. */
  readonly total: number;
  /** The number of this page, counted from 0, and that of the last one. */
  readonly page: number;
  readonly last: number;
}

export interface BuyerService {
  /**
   * A page of the user's licenses in all guilds, without deleted ones: those of the given guild first, their own before
   * those that are shared with them, each newest first. A page behind the last one is the last one.
   */
  licenses(
    userId: string,
    firstGuildId: string | null,
    page: { readonly number: number; readonly size: number },
  ): Promise<OwnedPage>;
  /** Also of a shared license. */
  license(owned: OwnedLicense): Promise<Result<BuyerCard, CommandError>>;
  /**
   * Releases bindings, per license as often as `reset.perDay` and `reset.per30Days` allow. Bindings unseen for 7 days
   * do not count. A helper may do it as well, one value at a time. Fails with binding-not-found, one-machine-only,
   * reset-off, or reset-wait with the instant of the next reset.
   */
  reset(input: OwnedLicense & { readonly what: ResetTarget }): Promise<Result<ResetDone, CommandError>>;
  /** Fails with already-switched or pause-suspended. */
  switch(input: OwnedLicense & { readonly on: boolean }): Promise<Result<LicenseChanged, CommandError>>;
  /** Whom the license is shared with, and with how many users at most. */
  sharing(owned: OwnedLicense): Promise<
    Result<
      {
        readonly license: License;
        readonly helpers: readonly { readonly id: string; readonly user: KnownUser | null }[];
        readonly max: number;
      },
      CommandError
    >
  >;
  /** As `LicenseService.share`; of many at once never more succeed than `limits.helpers` allows. */
  share(input: OwnedLicense & { readonly helperId: string }): Promise<Result<LicenseChanged, CommandError>>;
  /** Fails with not-helper. */
  unshare(input: OwnedLicense & { readonly helperId: string }): Promise<Result<LicenseChanged, CommandError>>;
  /** Whether helpers see the key. Fails with nothing-to-change. */
  showKeyToHelpers(input: OwnedLicense & { readonly isShown: boolean }): Promise<Result<LicenseChanged, CommandError>>;
  /** The whole key for its owner, which is no audit event. Of a shared license, it may fail with key-hidden. */
  showKey(owned: OwnedLicense): Promise<Result<{ readonly license: License; readonly key: string }, CommandError>>;
  /** The last checks, newest first. Also of a shared license. */
  checks(owned: OwnedLicense, limit: number): Promise<Result<readonly Attempt[], CommandError>>;
  /**
   * Claims an unclaimed license; of several users at once exactly one gets it. `guildId` is null in a DM, which
   * searches all guilds. Fails with wrong-key (also for keys of deleted licenses and other owners, so that the answer
   * reveals no key), key-near-miss, key-ambiguous, not-redeemable (suspended or expired), redeem-wait, choose-guild or
   * user-blacklisted.
   */
  redeem(input: {
    readonly userId: string;
    readonly key: string;
    readonly guildId: string | null;
  }): Promise<Result<Redeemed, CommandError>>;
  /**
   * Issues a trial of a product to the user, as its `trial` says: once per user and product, for ever. Fails with
   * product-not-found, product-required, trial-not-offered, trial-used or user-blacklisted.
   */
  startTrial(input: {
    readonly guildId: string;
    readonly userId: string;
    readonly product: string | null;
  }): Promise<Result<TrialStarted, CommandError>>;
}
