import { isSameKeyIgnoringCase, keySuffix } from '../../../domain/values/key-format.ts';
import type { Vault } from '../../vault.ts';

/** What is stored of a license key: how it is found, the key itself sealed, and the suffix that people see. */
export function storedKey(vault: Vault, guildId: string, key: string) {
  const lookup = vault.lookup(guildId, key);
  return {
    keySuffix: keySuffix(key),
    lookup,
    sealedKey: vault.seal(key, keyContext(lookup)),
    keyFolded: vault.foldedKey(key),
  };
}

/** The license key in clear. */
export function openKey(vault: Vault, lookup: Uint8Array, sealedKey: Uint8Array): string {
  return vault.open(sealedKey, keyContext(lookup));
}

/** Whether a stored key is this one but for letter case. One that does not open is not. */
export function isStoredKey(vault: Vault, lookup: Uint8Array, sealedKey: Uint8Array, key: string): boolean {
  try {
    return isSameKeyIgnoringCase(openKey(vault, lookup, sealedKey), key);
  } catch {
    return false;
  }
}

/**
 * A key is sealed under its look-up hash, which is made over guild and key. A sealed key that was moved to the row of
 * another license therefore does not open.
 */
function keyContext(lookup: Uint8Array): string {
  return `license-key:${Buffer.from(lookup).toString('hex')}`;
}
