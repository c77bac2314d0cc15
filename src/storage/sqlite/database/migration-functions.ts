import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { randomBytes } from 'node:crypto';
import { uuidOf } from '../../../domain/values/ids.ts';
import { keySuffix } from '../../../domain/values/key-format.ts';
import { canonicalText, foldName } from '../../../domain/values/text.ts';
import type { Vault } from '../../vault.ts';
import { tokensOf } from '../licenses/text-index.ts';
import { openKey, storedKey } from '../licenses/stored-key.ts';

/** Matches the key of no license. */
const noHash = new Uint8Array();

function textOf(value: SQLOutputValue): string | null {
  return typeof value === 'string' ? value : null;
}

/** Defines the SQL functions that steps of `migrations` use to convert rows. */
export function defineMigrationFunctions(database: DatabaseSync, vault: Vault): void {
  /** null: the key does not open. No look-up finds it, but it must not keep the store from opening. */
  function keyOf(lookup: SQLOutputValue, sealedKey: SQLOutputValue): string | null {
    try {
      return openKey(vault, lookup as Uint8Array, sealedKey as Uint8Array);
    } catch {
      return null;
    }
  }

  /** The key in the form in which keys are stored; null: it has that form. */
  function respelled(lookup: SQLOutputValue, sealedKey: SQLOutputValue): string | null {
    const key = keyOf(lookup, sealedKey);
    const canonical = key && canonicalText(key);
    return canonical === key ? null : canonical;
  }

  database.function('folded_key', (lookup, sealedKey) => {
    const key = keyOf(lookup, sealedKey);
    return key === null ? noHash : vault.foldedKey(key);
  });
  database.function('respelled_lookup', (guildId, lookup, sealedKey) => {
    const key = respelled(lookup, sealedKey);
    return key === null ? null : vault.lookup(String(guildId), key);
  });
  database.function('respelled_sealed_key', (guildId, lookup, sealedKey) => {
    const key = respelled(lookup, sealedKey);
    return key === null ? null : storedKey(vault, String(guildId), key).sealedKey;
  });
  database.function('respelled_suffix', (lookup, sealedKey) => {
    const key = respelled(lookup, sealedKey);
    return key === null ? null : keySuffix(key);
  });
  database.function('random_uuid', () => uuidOf(randomBytes(16)));
  database.function('customer_uuid', (guildId, userId) => vault.customerId(String(guildId), String(userId)));
  database.function('fold_name', (name) => foldName(String(name)));
  database.function('license_grams', (id, guildId, name, note, order) => {
    const texts = { name: textOf(name), note: textOf(note), order: textOf(order) };
    return tokensOf({ id: Number(id), guildId: String(guildId), ...texts });
  });
}
