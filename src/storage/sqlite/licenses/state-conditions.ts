import type { LicenseState } from '../../../domain/license.ts';
import { isAnyButDeleted } from '../../listed-states.ts';

/** The guild's products that are not deleted. */
export const aliveProducts = '(SELECT id FROM products WHERE guild_id = :guild AND deleted_at IS NULL)';
const isNotDeleted = `deleted_at IS NULL AND product_id IN ${aliveProducts}`;
/** The conditions of `licenseState` in the domain, in the same order. */
const conditions: Readonly<Record<LicenseState, string>> = {
  deleted: `NOT (${isNotDeleted})`,
  suspended: `${isNotDeleted} AND holds IS NOT NULL`,
  off: `${isNotDeleted} AND holds IS NULL AND switched_off = 1`,
  expired: `${isNotDeleted} AND holds IS NULL AND switched_off = 0 AND expires_at <= :now`,
  active: `${isNotDeleted} AND holds IS NULL AND switched_off = 0 AND (expires_at IS NULL OR expires_at > :now)`,
};

/** The condition of a license that is in one of the states. */
export function isInState(states: readonly LicenseState[]): string {
  if (isAnyButDeleted(states)) return isNotDeleted;
  return states.length === 0 ? 'FALSE' : `(${states.map((state) => `(${conditions[state]})`).join(' OR ')})`;
}
