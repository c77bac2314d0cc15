import type { Expiry } from '../../../domain/expiry.ts';
import type { License } from '../../../domain/license.ts';
import { noPoints, type ReplenishInterval, type ValidationPoints } from '../../../domain/points.ts';
import type { BindingKind, ForgetAfter, InheritableForgetAfter, InheritableLimit } from '../../../domain/limits.ts';

/** What `licenseOf` reads. */
export const licenseColumns = `
  id, guild_id, product_id, key_suffix, name, note, order_ref, owner_id, staff, suspended_at, suspend_reason,
  switched_off, expiry_type, expiry_start, expiry_days, expires_at, activated_at, limit_ip, limit_hwid, limit_mac,
  forget_ip, forget_hwid, forget_mac, scope, points_left, points_limit, points_amount, points_interval,
  points_refilled_at, owner_resets, created_at, created_by, deleted_at`;

export interface LicenseRow {
  readonly id: number;
  readonly guild_id: string;
  readonly product_id: number;
  readonly key_suffix: string;
  readonly name: string | null;
  readonly note: string | null;
  readonly order_ref: string | null;
  readonly owner_id: string | null;
  readonly staff: number;
  readonly suspended_at: number | null;
  readonly suspend_reason: string | null;
  readonly switched_off: number;
  readonly expiry_type: Expiry['type'];
  readonly expiry_start: 'creation' | 'activation' | null;
  readonly expiry_days: number | null;
  readonly expires_at: number | null;
  readonly activated_at: number | null;
  readonly limit_ip: number | null;
  readonly limit_hwid: number | null;
  readonly limit_mac: number | null;
  readonly forget_ip: number | null;
  readonly forget_hwid: number | null;
  readonly forget_mac: number | null;
  readonly scope: string | null;
  readonly points_left: number | null;
  readonly points_limit: number | null;
  readonly points_amount: number | null;
  readonly points_interval: ReplenishInterval | null;
  readonly points_refilled_at: number | null;
  readonly owner_resets: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly deleted_at: number | null;
}

/** In the store NULL is `inherit` and -1 is "no limit" or "never". */
const unlimited = -1;

function ownOf(stored: number | null): InheritableLimit & InheritableForgetAfter {
  if (stored === null) return 'inherit';
  return stored === unlimited ? null : stored;
}

/** A license's own limit or minutes as they are stored. */
export function storedOwn(own: InheritableLimit | ForgetAfter): number | null {
  return own === 'inherit' ? null : (own ?? unlimited);
}

export function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function expiryOf(row: LicenseRow): Expiry {
  if (row.expiry_type !== 'duration') return { type: row.expiry_type };
  return { type: 'duration', start: row.expiry_start ?? 'creation', days: row.expiry_days ?? 0 };
}

export function licenseOf(row: LicenseRow): License {
  return {
    id: row.id,
    guildId: row.guild_id,
    productId: row.product_id,
    keySuffix: row.key_suffix,
    name: row.name,
    note: row.note,
    order: row.order_ref,
    ownerId: row.owner_id,
    staff: row.staff === 1,
    suspension: row.suspended_at === null ? null : { at: new Date(row.suspended_at), reason: row.suspend_reason },
    switchedOff: row.switched_off === 1,
    expiry: expiryOf(row),
    expiresAt: dateOf(row.expires_at),
    activatedAt: dateOf(row.activated_at),
    limits: { ip: ownOf(row.limit_ip), hwid: ownOf(row.limit_hwid), mac: ownOf(row.limit_mac) },
    forgetAfter: { ip: ownOf(row.forget_ip), hwid: ownOf(row.forget_hwid), mac: ownOf(row.forget_mac) },
    scope: row.scope,
    points: pointsOf(row),
    ownerResets: row.owner_resets === '[]' ? [] : resetsOf(row.owner_resets),
    createdAt: new Date(row.created_at),
    createdBy: row.created_by,
    deletedAt: dateOf(row.deleted_at),
  };
}

function pointsOf(row: LicenseRow): ValidationPoints {
  const { points_left: left, points_limit: limit, points_amount: amount, points_interval: interval } = row;
  if (left === null && limit === null && amount === null && interval === null) return noPoints;
  return { left, limit, amount, interval, refilledAt: dateOf(row.points_refilled_at) };
}

function resetsOf(stored: string): readonly Date[] {
  return (JSON.parse(stored) as readonly number[]).map((ms) => new Date(ms));
}

export interface BindingRow {
  readonly kind: BindingKind;
  readonly value: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly released_at: number | null;
}

export const bindingColumns = 'kind, value, first_seen, last_seen, released_at';

export function bindingOf(row: BindingRow) {
  return {
    kind: row.kind,
    value: row.value,
    firstSeenAt: new Date(row.first_seen),
    lastSeenAt: new Date(row.last_seen),
    releasedAt: dateOf(row.released_at),
  };
}
