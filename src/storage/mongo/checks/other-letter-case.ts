import { isSameKeyIgnoringCase } from '../../../domain/values/key-format.ts';
import type { Vault } from '../../vault.ts';
import type { LicenseDocument } from '../documents.ts';
import { foldedText, openKey } from '../licenses/documents.ts';
import type { Models } from '../database/models.ts';

/** A key that no license of the guild has exactly. */
export interface MissedKey {
  readonly guildId: string;
  readonly key: string;
  /** The `_id` that its license would have. */
  readonly lookup: string;
}

/**
 * The `_id` of the one license whose key is the missed one but for letter case, by the `lookup` of the missed key. Keys
 * of which there is no such license, or several, are left out.
 */
export async function findInOtherLetterCase(
  { licenses }: Models,
  vault: Vault,
  missed: readonly MissedKey[],
  maxReadMs: number,
): Promise<ReadonlyMap<string, string>> {
  if (missed.length === 0) return new Map();
  const wanted = missed.map((miss) => ({ ...miss, keyFolded: foldedText(vault.foldedKey(miss.key)) }));
  const read = await licenses
    .find({
      keyFolded: { $in: [...new Set(wanted.map(({ keyFolded }) => keyFolded))] },
      guildId: { $in: [...new Set(wanted.map(({ guildId }) => guildId))] },
      unpublished: null,
      deletedAt: null,
    })
    .select({ guildId: 1, keyFolded: 1, sealedKey: 1 })
    .maxTimeMS(maxReadMs)
    .lean();
  const found = new Map<string, string>();
  for (const { guildId, key, lookup, keyFolded } of wanted) {
    const same = read.filter((license) => license.guildId === guildId && license.keyFolded === keyFolded);
    const [only, ...others] = same.filter((license) => isStoredKey(vault, license, key));
    if (only && others.length === 0) found.set(lookup, only._id);
  }
  return found;
}

/** Whether a stored key is this one but for letter case. One that does not open is not. */
function isStoredKey(vault: Vault, license: Pick<LicenseDocument, '_id' | 'sealedKey'>, key: string): boolean {
  try {
    return isSameKeyIgnoringCase(openKey(vault, license), key);
  } catch {
    return false;
  }
}
