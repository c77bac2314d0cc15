import { type Expiry, isExpired } from './expiry.ts';
import type { Hold } from './hold.ts';
import type { BindingKind, InheritableForgetAfter, InheritableLimits } from './limits.ts';
import type { ValidationPoints } from './points.ts';
import type { Revised } from './revision.ts';
import type { MetadataEntry } from './values/metadata.ts';

/** The right of one owner to run one product or more. The key is not part of it: the store has it encrypted. */
export interface License extends Revised {
  /** Unique in the installation. */
  readonly id: number;
  /** In lower case, unique in the installation. */
  readonly uuid: string;
  readonly guildId: string;
  /** The main product: limits, term and features that the license does not have of its own are this one's. */
  readonly productId: number;
  /** Further products that the license is for, at most `maxFurtherProducts`, without the main one. */
  readonly furtherProductIds: readonly number[];
  /** The license is for every product of its guild. */
  readonly allProducts: boolean;
  /** The only part of the key that lists and logs show, as `keySuffix` makes it. */
  readonly keySuffix: string;
  readonly name: string | null;
  /** For staff only. */
  readonly note: string | null;
  /** The reference of the shop's order. */
  readonly order: string | null;
  /** Discord user id of the customer; null: the license is unclaimed. */
  readonly ownerId: string | null;
  /** The record of the customer that the license belongs to; null: it belongs to nobody yet. */
  readonly customerId: number | null;
  /** Discord user ids of those whom the owner shares the license with. */
  readonly helperIds: readonly string[];
  /** Whether the owner lets helpers see the key. */
  readonly helpersSeeKey: boolean;
  /** A staff license passes the product and version rules of every product in its guild. */
  readonly staff: boolean;
  /** Why it is suspended, at most one of each kind, in the order of `holdKinds`; none: it is not. */
  readonly holds: readonly Hold[];
  /** Whether its owner has switched it off. */
  readonly switchedOff: boolean;
  readonly expiry: Expiry;
  /** When the license ends; null: never, or its duration has not started. */
  readonly expiresAt: Date | null;
  /** When the first grant was; null: there was none. */
  readonly activatedAt: Date | null;
  readonly limits: InheritableLimits;
  readonly forgetAfter: Readonly<Record<BindingKind, InheritableForgetAfter>>;
  /** The scope that requests must name (LicenseGate); null: requests need not name one. */
  readonly scope: string | null;
  readonly points: ValidationPoints;
  /** Short codes of what a program may switch on, besides those of the main product. */
  readonly features: readonly string[];
  readonly metadata: readonly MetadataEntry[];
  /** When its owner reset it, the newest last. Only resets of the last 30 days count. */
  readonly ownerResets: readonly Date[];
  /** When a new machine took the slot of another one (`limits.onFull`), the newest last. Only the last 30 days count. */
  readonly replacements: readonly Date[];
  readonly createdAt: Date;
  /** `actorText` of the actor who issued it. */
  readonly createdBy: string;
  readonly deletedAt: Date | null;
}

/** How many products a license can be for besides its main one. */
export const maxFurtherProducts = 50;

export const licenseStates = ['deleted', 'suspended', 'off', 'expired', 'active'] as const;
export type LicenseState = (typeof licenseStates)[number];

/** The state of a license: the first of `licenseStates` that applies. It is deleted if its product is. */
export function licenseState(
  license: License,
  product: { readonly deletedAt: Date | null } | null,
  now: Date,
): LicenseState {
  if (license.deletedAt || !product || product.deletedAt) return 'deleted';
  if (license.holds.length > 0) return 'suspended';
  if (license.switchedOff) return 'off';
  if (isExpired(license.expiresAt, now)) return 'expired';
  return 'active';
}
