import { keySuffix } from '../../../domain/key-format.ts';
import type { License } from '../../../domain/license.ts';
import type { Vault } from '../../vault.ts';
import type { LicenseDocument } from '../documents.ts';

/** A look-up hash as text, as `_id` of a license document. */
export function lookupText(lookup: Buffer): string {
  return lookup.toString('base64url');
}

/** The same look-up hash in hex, as blacklist entries for keys hold it. */
export function hexOf(lookup: string): string {
  return Buffer.from(lookup, 'base64url').toString('hex');
}

/**
 * The context under which a key is sealed. It is the look-up hash, which is made over guild and key, so that a sealed key
 * copied into another license's document does not open.
 */
function keyContext(id: string): string {
  return `license-key:${hexOf(id)}`;
}

/** The fields of a license document that are made from its key. */
export function keyFields(vault: Vault, guildId: string, key: string) {
  const id = lookupText(vault.lookup(guildId, key));
  const suffix = keySuffix(key);
  return {
    _id: id,
    sealedKey: vault.seal(key, keyContext(id)),
    keyAnywhere: vault.anywhere(key).toString('base64url'),
    keySuffix: suffix,
    keySuffixFolded: suffix.toUpperCase(),
  } satisfies Partial<LicenseDocument>;
}

/** The key in clear. */
export function openKey(vault: Vault, { _id, sealedKey }: Pick<LicenseDocument, '_id' | 'sealedKey'>): string {
  return vault.open(toBytes(sealedKey), keyContext(_id));
}

/** Lean reads return bytes as a Buffer or as BSON's `Binary`. */
export function toBytes(stored: Uint8Array | { readonly buffer: Uint8Array }): Uint8Array {
  return stored instanceof Uint8Array ? stored : stored.buffer;
}

/** The fields that `licenseOf` does not need. */
export const licenseProjection = {
  sealedKey: 0,
  keyAnywhere: 0,
  keySuffixFolded: 0,
  slots: 0,
  outbox: 0,
} as const;

export type StoredLicense = Omit<LicenseDocument, keyof typeof licenseProjection>;

export function licenseOf(stored: StoredLicense): License {
  return {
    id: stored.id,
    guildId: stored.guildId,
    productId: stored.productId,
    keySuffix: stored.keySuffix,
    name: stored.name,
    note: stored.note,
    order: stored.order,
    ownerId: stored.ownerId,
    staff: stored.staff,
    suspension: stored.suspension,
    switchedOff: stored.switchedOff,
    expiry: stored.expiry,
    expiresAt: stored.expiresAt,
    activatedAt: stored.activatedAt,
    limits: stored.limits,
    forgetAfter: stored.forgetAfter,
    scope: stored.scope,
    points: stored.points,
    ownerResets: stored.ownerResets,
    createdAt: stored.createdAt,
    createdBy: stored.createdBy,
    deletedAt: stored.deletedAt,
  };
}

/** The fields that a change of a license may change. */
export function changeableFields(license: License) {
  return {
    productId: license.productId,
    name: license.name,
    note: license.note,
    order: license.order,
    ownerId: license.ownerId,
    staff: license.staff,
    suspension: license.suspension,
    switchedOff: license.switchedOff,
    expiry: license.expiry,
    expiresAt: license.expiresAt,
    activatedAt: license.activatedAt,
    limits: license.limits,
    forgetAfter: license.forgetAfter,
    scope: license.scope,
    points: license.points,
    ownerResets: license.ownerResets,
    deletedAt: license.deletedAt,
  } satisfies Partial<LicenseDocument>;
}
