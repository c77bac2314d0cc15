import { type Expiry, isExpired } from './expiry.ts';
import type { BindingKind, InheritableForgetAfter, InheritableLimits } from './limits.ts';
import type { ValidationPoints } from './points.ts';

/** The right of one owner to run one product. The key is not part of it: the store has it encrypted. */
export interface License {
  /** Unique in the installation. */
  readonly id: number;
  readonly guildId: string;
  readonly productId: number;
  /** The only part of the key that lists and logs show, as `keySuffix` makes it. */
  readonly keySuffix: string;
  readonly name: string | null;
  /** For staff only. */
  readonly note: string | null;
  /** The reference of the shop's order. */
  readonly order: string | null;
  /** Discord user id; null: the license is unclaimed. */
  readonly ownerId: string | null;
  /** A staff license passes the product and version rules of every product in its guild. */
  readonly staff: boolean;
  readonly suspension: { readonly at: Date; readonly reason: string | null } | null;
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
  /** When its owner reset it, the newest last. Only resets of the last 30 days count. */
  readonly ownerResets: readonly Date[];
  /** When a new machine took the slot of another one (`limits.onFull`), the newest last. Only the last 30 days count. */
  readonly replacements: readonly Date[];
  readonly createdAt: Date;
  /** `actorText` of the actor who issued it. */
  readonly createdBy: string;
  readonly deletedAt: Date | null;
}

export const licenseStates = ['deleted', 'suspended', 'off', 'expired', 'active'] as const;
export type LicenseState = (typeof licenseStates)[number];

/** The state of a license: the first of `licenseStates` that applies. It is deleted if its product is. */
export function licenseState(
  license: License,
  product: { readonly deletedAt: Date | null } | null,
  now: Date,
): LicenseState {
  if (license.deletedAt || !product || product.deletedAt) return 'deleted';
  if (license.suspension) return 'suspended';
  if (license.switchedOff) return 'off';
  if (isExpired(license.expiresAt, now)) return 'expired';
  return 'active';
}
