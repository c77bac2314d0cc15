import type { BlacklistValueProblem } from './blacklist/blacklist.ts';
import type { BlacklistAssessment } from './blacklist/blacklist-impact.ts';
import type { ExpiryProblem } from './expiry.ts';
import type { SigningSystem } from './guild.ts';
import type { FeatureProblem } from './values/features.ts';
import type { HoldKind } from './hold.ts';
import type { Field } from './values/field-limits.ts';
import type { KeyFormatProblem } from './values/key-format.ts';
import type { KeyNearMiss } from './values/key-near-miss.ts';
import type { LicenseState } from './license.ts';
import type { LimitProblem } from './limits.ts';
import type { MetadataProblem } from './values/metadata.ts';
import type { PointsProblem } from './parse-points.ts';
import type { StaffAction, StaffPermission } from './settings/staff-actions.ts';

/**
 * Why a person's command was not carried out. Errors hold codes with their data and never a key or a secret;
 * `describeCommandError` has the sentences.
 */
export type CommandError =
  | { readonly code: 'license-not-found' }
  | { readonly code: 'license-ambiguous'; readonly licenseIds: readonly number[] }
  | { readonly code: 'license-deleted'; readonly licenseId: number }
  | { readonly code: 'license-not-deleted'; readonly licenseId: number }
  | { readonly code: 'product-not-found'; readonly product: string | null }
  | { readonly code: 'product-deleted'; readonly name: string }
  | { readonly code: 'product-name-taken'; readonly name: string; readonly deleted: boolean }
  | { readonly code: 'product-id-taken'; readonly id: number }
  | { readonly code: 'product-uuid-taken'; readonly uuid: string }
  | { readonly code: 'product-required'; readonly products: readonly string[] }
  /** The license is for the product already, or it was named twice. */
  | { readonly code: 'product-twice'; readonly product: string }
  | { readonly code: 'product-not-of-license'; readonly product: string }
  | { readonly code: 'product-is-main'; readonly product: string }
  | { readonly code: 'too-many-products'; readonly max: number }
  | { readonly code: 'guild-not-found'; readonly guildId: string | null }
  | { readonly code: 'guild-required'; readonly guildIds: readonly string[] }
  | { readonly code: 'guild-exists'; readonly guildId: string }
  | { readonly code: 'team-id-taken' }
  | { readonly code: 'user-id-taken' }
  /** `system`: it was supplied for that system alone. */
  | { readonly code: 'challenge-key-invalid'; readonly system?: SigningSystem }
  | { readonly code: 'customer-id-taken' }
  | { readonly code: 'customer-not-found' }
  | { readonly code: 'customer-ambiguous'; readonly customerIds: readonly number[] }
  /** Another customer, whose record this is, has what was to be set. */
  | { readonly code: 'customer-taken'; readonly taken: 'uuid' | 'discord-id' | 'identity'; readonly customerId: number }
  | { readonly code: 'customer-itself' }
  | { readonly code: 'email-invalid' }
  | { readonly code: 'identity-invalid' }
  | { readonly code: 'identity-not-found' }
  | { readonly code: 'too-many-identities'; readonly max: number }
  | { readonly code: 'key-taken'; readonly licenseId: number | null; readonly deleted: boolean }
  | { readonly code: 'key-invalid' }
  | { readonly code: 'key-needs-amount-one' }
  | { readonly code: 'invalid-expiry'; readonly problem: ExpiryProblem }
  | { readonly code: 'invalid-limit'; readonly problem: LimitProblem }
  | { readonly code: 'invalid-points'; readonly problem: PointsProblem }
  | { readonly code: 'invalid-grace'; readonly max: number }
  | { readonly code: 'trial-not-offered'; readonly product: string }
  | { readonly code: 'trial-used'; readonly product: string }
  | { readonly code: 'invalid-metadata'; readonly problem: MetadataProblem }
  | { readonly code: 'invalid-features'; readonly problem: FeatureProblem }
  | { readonly code: 'invalid-duration'; readonly text: string }
  | { readonly code: 'action-unknown'; readonly text: string }
  | { readonly code: 'invalid-id'; readonly what: 'user' | 'guild' | 'role' | 'team' | 'hex-user' | 'product' | 'uuid' }
  | { readonly code: 'invalid-setting'; readonly key: string; readonly problem: SettingProblem }
  | { readonly code: 'unknown-setting'; readonly key: string; readonly nearest: string | null }
  /** `permission`, or one of the roles `roleIds`, would allow the action. */
  | {
      readonly code: 'not-allowed';
      readonly action: StaffAction;
      readonly permission: StaffPermission;
      readonly roleIds: readonly string[];
    }
  /** The actor would see whole license keys, and may not (`license.reveal`). */
  | { readonly code: 'reveal-required' }
  | { readonly code: 'staff-needs-manage-server' }
  | { readonly code: 'duplicate-order'; readonly order: string; readonly licenseId: number }
  | { readonly code: 'daily-limit'; readonly made: number; readonly max: number }
  | { readonly code: 'amount-invalid'; readonly max: number }
  | { readonly code: 'nothing-to-change' }
  /** Only a published release can be the latest. */
  | { readonly code: 'latest-unpublished' }
  | { readonly code: 'already-suspended'; readonly hold: HoldKind }
  | { readonly code: 'not-suspended'; readonly hold: HoldKind; readonly others: readonly HoldKind[] }
  | { readonly code: 'already-switched'; readonly off: boolean }
  | { readonly code: 'pause-suspended' }
  | { readonly code: 'already-owner'; readonly userId: string }
  | { readonly code: 'owner-required' }
  | { readonly code: 'not-owner' }
  | { readonly code: 'sharing-off' }
  | { readonly code: 'helpers-full'; readonly max: number }
  | { readonly code: 'already-helper' }
  | { readonly code: 'helper-is-owner' }
  | { readonly code: 'helper-blacklisted' }
  | { readonly code: 'not-helper' }
  /** A helper asked for the key, and the owner does not show it to them. */
  | { readonly code: 'key-hidden' }
  /** A helper may only reset one machine at a time. */
  | { readonly code: 'one-machine-only' }
  | { readonly code: 'already-claimed' }
  | { readonly code: 'not-redeemable'; readonly state: LicenseState }
  | { readonly code: 'wrong-key' }
  | { readonly code: 'key-ambiguous' }
  | ({ readonly code: 'key-near-miss' } & KeyNearMiss)
  | {
      readonly code: 'choose-guild';
      readonly guilds: readonly { readonly id: string; readonly name: string }[];
    }
  | { readonly code: 'user-blacklisted' }
  | { readonly code: 'redeem-wait'; readonly until: Date }
  | { readonly code: 'reset-wait'; readonly until: Date }
  | { readonly code: 'reset-off' }
  | { readonly code: 'undo-too-late' }
  /** What is to be undone was changed again. */
  | { readonly code: 'changed-since' }
  | { readonly code: 'binding-not-found' }
  | { readonly code: 'blacklist-value-invalid'; readonly problem: BlacklistValueProblem }
  | { readonly code: 'blacklist-not-found' }
  /** The entry may hit more than was meant, and the person has not confirmed it. */
  | { readonly code: 'blacklist-unconfirmed'; readonly assessment: BlacklistAssessment }
  | { readonly code: 'api-key-not-found' }
  | { readonly code: 'api-key-taken' }
  | { readonly code: 'api-key-invalid' }
  | { readonly code: 'scope-unknown'; readonly scope: string; readonly allowed: readonly string[] }
  | { readonly code: 'version-invalid' }
  | { readonly code: 'branch-invalid' }
  | { readonly code: 'policy-unknown'; readonly allowed: readonly string[] }
  | { readonly code: 'release-exists'; readonly version: string; readonly branch: string | null }
  | { readonly code: 'release-not-found'; readonly version: string; readonly branch: string | null }
  | { readonly code: 'text-missing'; readonly field: Field }
  | { readonly code: 'text-too-long'; readonly field: Field; readonly max: number }
  | { readonly code: 'url-invalid' }
  | { readonly code: 'confirmation-wrong'; readonly expected: string }
  | { readonly code: 'store-unavailable' };

/** Why a setting does not take a value: the row of the settings table forbids it, or new keys could not be made. */
export type SettingProblem = { readonly code: 'not-allowed'; readonly allowed: string } | KeyFormatProblem;

export type CommandErrorCode = CommandError['code'];
