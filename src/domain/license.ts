import { type Expiry, isExpired } from './expiry.ts';
import type { BindingKind, InheritableForgetAfter, InheritableLimits } from './limits.ts';
import type { ValidationPoints } from './points.ts';

/** The right of one owner to run one product. Its key is not part of it: the store keeps that sealed. */
export interface License {
  /** Unique in the installation. */
  readonly id: number;
  readonly guildId: string;
  readonly productId: number;
  /** The key's last characters, at most 5 and never over a quarter of it: all that people may see elsewhere. */
  readonly keySuffix: string;
  readonly name: string | null;
  /** Staff only. */
  readonly note: string | null;
  /** The shop's reference. */
  readonly order: string | null;
  /** Discord user id; null is unclaimed. */
  readonly ownerId: string | null;
  /** Passes product and version checks of every product in its guild. */
  readonly staff: boolean;
  readonly suspension: { readonly at: Date; readonly reason: string | null } | null;
  /** Its owner's switch. */
  readonly switchedOff: boolean;
  readonly expiry: Expiry;
  /** When it ends; null: never, or a duration that has not started. */
  readonly expiresAt: Date | null;
  /** The first grant. */
  readonly activatedAt: Date | null;
  readonly limits: InheritableLimits;
  readonly forgetAfter: Readonly<Record<BindingKind, InheritableForgetAfter>>;
  /** What requests must name (LicenseGate); null: anything passes. */
  readonly scope: string | null;
  readonly points: ValidationPoints;
  /** When its owner reset it; newest last, only those of the last 30 days matter. */
  readonly ownerResets: readonly Date[];
  readonly createdAt: Date;
  /** `actorText` of who issued it. */
  readonly createdBy: string;
  readonly deletedAt: Date | null;
}

export const licenseStates = ['deleted', 'suspended', 'off', 'expired', 'active'] as const;
export type LicenseState = (typeof licenseStates)[number];

/** The first state that applies. A license of a deleted product is deleted with it. */
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
