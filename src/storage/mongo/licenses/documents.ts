import { keySuffix } from '../../../domain/key-format.ts';
import type { License } from '../../../domain/license.ts';
import type { Vault } from '../../vault.ts';
import type { LicenseDocument } from '../documents.ts';

/** A look-up hash as it is stored. */
export function lookupText(lookup: Buffer): string {
  return lookup.toString('base64url');
}

/** The look-up hash in hex, as key blacklist entries hold it. */
export function hexOf(lookup: string): string {
  return Buffer.from(lookup, 'base64url').toString('hex');
}

/** A sealed key opens only beside its own look-up hash, which is made over guild and key: exchanged ones do not open. */
function keyContext(id: string): string {
  return `license-key:${hexOf(id)}`;
}

/** What the store keeps of a key. */
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

export function openKey(vault: Vault, { _id, sealedKey }: Pick<LicenseDocument, '_id' | 'sealedKey'>): string {
  return vault.open(bytesOf(sealedKey), keyContext(_id));
}

/** What lean reads give for bytes, which is not always a Buffer. */
export function bytesOf(stored: Uint8Array | { readonly buffer: Uint8Array }): Uint8Array {
  return stored instanceof Uint8Array ? stored : stored.buffer;
}

/** What `licenseOf` reads: all but the key, the slots and what is to do. */
export const licenseFields = {
  sealedKey: 0,
  keyAnywhere: 0,
  keySuffixFolded: 0,
  slots: 0,
  outbox: 0,
} as const;

export type LicenseState = Omit<LicenseDocument, keyof typeof licenseFields>;

export function licenseOf(stored: LicenseState): License {
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

/** What a change of a license may change. */
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
