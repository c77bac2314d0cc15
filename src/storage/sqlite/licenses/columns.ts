import type { SQLInputValue } from 'node:sqlite';
import { keySuffix } from '../../../domain/key-format.ts';
import type { License } from '../../../domain/license.ts';
import type { ValidationPoints } from '../../../domain/points.ts';
import type { Vault } from '../../vault.ts';
import { storedOwn } from './rows.ts';

type Columns = Record<string, SQLInputValue>;

/** What the store keeps of a key. */
export function keyColumns(vault: Vault, guildId: string, key: string) {
  const lookup = vault.lookup(guildId, key);
  return {
    lookup,
    sealed_key: vault.seal(key, keyContext(lookup)),
    key_anywhere: vault.anywhere(key),
    key_suffix: keySuffix(key),
  } satisfies Columns;
}

/** A sealed key opens only beside its own look-up hash, which is made over guild and key: exchanged ones do not open. */
export function keyContext(lookup: Uint8Array): string {
  return `license-key:${Buffer.from(lookup).toString('hex')}`;
}

/** What a change of a license may change. */
export function changeableColumns(license: License) {
  const { expiry } = license;
  return {
    product_id: license.productId,
    name: license.name,
    note: license.note,
    order_ref: license.order,
    owner_id: license.ownerId,
    staff: Number(license.staff),
    suspended_at: license.suspension?.at.getTime() ?? null,
    suspend_reason: license.suspension?.reason ?? null,
    switched_off: Number(license.switchedOff),
    expiry_type: expiry.type,
    expiry_start: expiry.type === 'duration' ? expiry.start : null,
    expiry_days: expiry.type === 'duration' ? expiry.days : null,
    expires_at: license.expiresAt?.getTime() ?? null,
    activated_at: license.activatedAt?.getTime() ?? null,
    limit_ip: storedOwn(license.limits.ip),
    limit_hwid: storedOwn(license.limits.hwid),
    limit_mac: storedOwn(license.limits.mac),
    forget_ip: storedOwn(license.forgetAfter.ip),
    forget_hwid: storedOwn(license.forgetAfter.hwid),
    forget_mac: storedOwn(license.forgetAfter.mac),
    scope: license.scope,
    ...pointColumns(license.points),
    owner_resets: JSON.stringify(license.ownerResets.map((at) => at.getTime())),
    deleted_at: license.deletedAt?.getTime() ?? null,
  } satisfies Columns;
}

function pointColumns({ left, limit, amount, interval, refilledAt }: ValidationPoints) {
  return {
    points_left: left,
    points_limit: limit,
    points_amount: amount,
    points_interval: interval,
    points_refilled_at: refilledAt?.getTime() ?? null,
  } satisfies Columns;
}

/** `name = :name` of each column. */
export function assignments(columns: Columns): string {
  return Object.keys(columns)
    .map((name) => `${name} = :${name}`)
    .join(', ');
}
