import type { DatabaseSync } from 'node:sqlite';
import { foldName } from '../../../domain/values/text.ts';
import type { Vault } from '../../vault.ts';
import { openKey } from '../licenses/stored-key.ts';

/** Matches the key of no license. */
const noHash = new Uint8Array();

/** Defines the SQL functions that steps of `migrations` use to convert rows. */
export function defineMigrationFunctions(database: DatabaseSync, vault: Vault): void {
  /** A key that does not open is found by none, but must not keep the store from opening. */
  database.function('folded_key', (lookup, sealedKey) => {
    try {
      return vault.foldedKey(openKey(vault, lookup as Uint8Array, sealedKey as Uint8Array));
    } catch {
      return noHash;
    }
  });
  database.function('fold_name', (name) => foldName(String(name)));
}
