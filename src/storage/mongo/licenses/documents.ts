import { keySuffix } from '../../../domain/values/key-format.ts';
import type { License } from '../../../domain/license.ts';
import { foldName } from '../../../domain/values/text.ts';
import { gramsOf } from '../../text-grams.ts';
import type { Vault } from '../../vault.ts';
import type { LicenseDocument } from '../documents.ts';
import { fieldNames, licenseFields, pickFields } from '../stored-fields.ts';

/** A look-up hash as text, as `_id` of a license document. */
export function lookupText(lookup: Buffer): string {
  return lookup.toString('base64url');
}

/** The same look-up hash in hex, as blacklist entries for keys hold it. */
export function hexOf(lookup: string): string {
  return Buffer.from(lookup, 'base64url').toString('hex');
}

/**
 * The context under which a key is sealed. It is the look-up hash, which is made over guild and key, so that a sealed
 * key copied into another license's document does not open.
 */
function keyContext(id: string): string {
  return `license-key:${hexOf(id)}`;
}

/** The hash of a folded key as documents hold it. */
export function foldedText(hash: Buffer): string {
  return hash.toString('base64url');
}

/** The fields of a license document that are made from its key. */
export function keyFields(vault: Vault, guildId: string, key: string) {
  const id = lookupText(vault.lookup(guildId, key));
  const suffix = keySuffix(key);
  return {
    _id: id,
    sealedKey: vault.seal(key, keyContext(id)),
    keyFolded: foldedText(vault.foldedKey(key)),
    keySuffix: suffix,
    keySuffixFolded: suffix.toUpperCase(),
  } satisfies Partial<LicenseDocument>;
}

/**
 * Matches while the license is as it was read, with its slots. A check that only refreshes a slot does not raise `rev`;
 * without this condition, a write of all slots would set `lastSeenAt` back.
 */
export function unchangedWithSlots({ _id, rev, slots }: Pick<LicenseDocument, '_id' | 'rev' | 'slots'>) {
  return { _id, rev, slots };
}

/** The key in clear. */
export function openKey(vault: Vault, { _id, sealedKey }: Pick<LicenseDocument, '_id' | 'sealedKey'>): string {
  return vault.open(toBytes(sealedKey), keyContext(_id));
}

/** Lean reads return bytes as a Buffer or as BSON's `Binary`. */
export function toBytes(stored: Uint8Array | { readonly buffer: Uint8Array }): Uint8Array {
  return stored instanceof Uint8Array ? stored : stored.buffer;
}

/** The fields by which licenses are found, shown with their keys or changed in steps. */
export const withoutSearchFields = {
  sealedKey: 0,
  keyFolded: 0,
  orderFolded: 0,
  grams: 0,
  listedAs: 0,
  keySuffixFolded: 0,
  outbox: 0,
} as const;

/** The fields that `licenseOf` does not need. */
export const licenseProjection = { ...withoutSearchFields, slots: 0 } as const;

export type StoredLicense = Omit<LicenseDocument, keyof typeof licenseProjection>;

const storedFields = fieldNames(licenseFields);
const changeableNames = fieldNames(licenseFields, 'id', 'guildId', 'keySuffix', 'createdAt', 'createdBy');

/** The license alone, without the fields that only the store knows. */
export function licenseOf(stored: License): License {
  return pickFields(stored, storedFields);
}

/** The fields of a license document by which it is found and listed, made from the license. */
export function searchFields(
  license: Pick<License, 'name' | 'note' | 'order' | 'deletedAt' | 'holds' | 'switchedOff'>,
): Pick<LicenseDocument, 'orderFolded' | 'grams' | 'listedAs'> {
  const { order, deletedAt, holds, switchedOff } = license;
  const notDeleted = holds.length > 0 ? 'suspended' : switchedOff ? 'off' : 'on';
  return {
    orderFolded: order === null ? null : foldName(order),
    grams: gramsOf(license),
    listedAs: deletedAt !== null ? 'deleted' : notDeleted,
  };
}

/** The fields that a change of a license may change. A new key changes `keySuffix` as well: see `keyFields`. */
export function changeableFields(license: License) {
  return { ...pickFields(license, changeableNames), ...searchFields(license) };
}
