import type { Attempt } from '../../domain/attempt.ts';
import type { License } from '../../domain/license.ts';
import type { Product } from '../../domain/product.ts';
import type { CommandError } from '../../domain/command-error.ts';
import type { Result } from '../../domain/result.ts';
import type { LicenseChanged, ResetDone, ResetWhat } from '../licenses/license-service.ts';
import type { LicenseCard } from '../licenses/license-view.ts';

/** A person and one license of theirs; everything else answers license-not-found. */
export interface OwnLicense {
  readonly userId: string;
  readonly licenseId: number;
}

export interface Redeemed {
  readonly license: License;
  readonly product: Product;
  readonly guildName: string;
  /** `restored`: it was theirs already, and roles are given again. */
  readonly outcome: 'claimed' | 'restored';
  readonly effectIds: readonly number[];
}

export interface BuyerService {
  /** Over all guilds, the given one's first, newest first; deleted ones left out. */
  licenses(userId: string, firstGuildId: string | null): Promise<readonly LicenseCard[]>;
  license(own: OwnLicense): Promise<Result<LicenseCard, CommandError>>;
  /**
   * Forgets machines: `reset.perDay` and `reset.per30Days` a license; what was unseen for 7 days is free.
   * Refuses: binding-not-found, reset-wait (with the instant from which it goes again), reset-off.
   */
  reset(input: OwnLicense & { readonly what: ResetWhat }): Promise<Result<ResetDone, CommandError>>;
  /** Refuses: already-switched. */
  switch(input: OwnLicense & { readonly on: boolean }): Promise<Result<LicenseChanged, CommandError>>;
  /** The owner's own key; no audit event. */
  showKey(own: OwnLicense): Promise<Result<{ readonly license: License; readonly key: string }, CommandError>>;
  /** The last checks, newest first. */
  checks(own: OwnLicense, limit: number): Promise<Result<readonly Attempt[], CommandError>>;
  /**
   * Claims an unclaimed license, exactly once. `guildId` null (a DM): over all guilds. Deleted, foreign and unknown
   * keys are one answer. Refuses: wrong-key, not-redeemable (suspended or expired), redeem-wait, choose-guild, user-blacklisted.
   */
  redeem(input: {
    readonly userId: string;
    readonly key: string;
    readonly guildId: string | null;
  }): Promise<Result<Redeemed, CommandError>>;
}
