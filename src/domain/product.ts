import type { InheritableLimits } from './limits.ts';
import type { Revised } from './revision.ts';
import type { MetadataEntry } from './values/metadata.ts';

export const versionPolicies = ['exact', 'released', 'minimum', 'any'] as const;
export type VersionPolicy = (typeof versionPolicies)[number];

export const releaseStatuses = ['published', 'draft', 'deprecated', 'archived'] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

export interface Release {
  readonly version: string;
  /** null: the default branch. */
  readonly branch: string | null;
  readonly status: ReleaseStatus;
  /** Updaters of its branch are sent to it. At most one release of a branch is the latest, and it is published. */
  readonly latest: boolean;
  readonly createdAt: Date;
}

export const maxGraceDays = 365;

/**
 * A program that licenses are issued for. Ids and UUIDs are unique in the installation, names in their guild, ignoring
 * case.
 */
export interface Product extends Revised {
  readonly id: number;
  readonly uuid: string;
  readonly guildId: string;
  readonly name: string;
  /** Former names. Client programs that were shipped with them still find the product. */
  readonly aliases: readonly string[];
  readonly description: string | null;
  /** The current version; null: none is set, and the version rule passes. */
  readonly version: string | null;
  readonly versionPolicy: VersionPolicy;
  readonly buyerRoleId: string | null;
  readonly claimRoleId: string | null;
  readonly limits: InheritableLimits;
  /** Short codes of what a program may switch on, for every license whose main product this is. */
  readonly features: readonly string[];
  readonly metadata: readonly MetadataEntry[];
  /** When licenses end that are issued without an end of their own, as `parseExpiry` reads it; null: never. */
  readonly term: string | null;
  /** How long a trial lasts, as `parseTerm` reads it; null: there are no trials. */
  readonly trial: string | null;
  /** For how many days after its end the checks of a license still pass: 0 to `maxGraceDays`. */
  readonly graceDays: number;
  readonly url: string | null;
  readonly imageUrl: string | null;
  /** Oldest first. */
  readonly releases: readonly Release[];
  readonly createdAt: Date;
  readonly deletedAt: Date | null;
}
