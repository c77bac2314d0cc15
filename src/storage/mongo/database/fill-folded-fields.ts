import { setImmediate as nextTick } from 'node:timers/promises';
import { canonicalText } from '../../../domain/values/text.ts';
import type { Vault } from '../../vault.ts';
import type { LicenseDocument } from '../documents.ts';
import { foldedText, openKey, searchFields } from '../licenses/documents.ts';
import { collectionOf, type Models } from './models.ts';
import { rowsPerStep } from '../steps.ts';

/**
 * Gives licenses that were stored before there were folded keys and orders theirs, in steps of some hundred. Several
 * processes may do so at the same time. Where no such license is left, this is one look-up in an index. `respell` is
 * called before for each of them whose key is not in the form in which keys are stored now.
 */
export async function fillFoldedFields(
  { licenses }: Models,
  vault: Vault,
  respell: (license: LicenseDocument, key: string) => Promise<void>,
): Promise<void> {
  for (;;) {
    const found = await licenses.find({ keyFolded: null }).limit(rowsPerStep).lean<LicenseDocument[]>();
    if (found.length === 0) return;
    for (const license of found) {
      const key = keyOf(vault, license);
      if (license.unpublished === null && canonicalText(key) !== key) await respell(license, canonicalText(key));
    }
    const updates = found.map((license) => ({
      updateOne: {
        filter: { _id: license._id, order: license.order, keyFolded: null as never },
        // The hash of the whole key, which the one of its folded form replaces.
        update: { $set: foldedFields(vault, license), $unset: { keyAnywhere: '' as const } },
      },
    }));
    await collectionOf(licenses).bulkWrite(updates, { ordered: false });
    await nextTick();
  }
}

function foldedFields(vault: Vault, license: LicenseDocument) {
  const key = keyOf(vault, license);
  return { keyFolded: key === '' ? '' : foldedText(vault.foldedKey(key)), ...searchFields(license) };
}

/** Empty: the key does not open. No look-up finds it, but it must not keep the store from opening. */
function keyOf(vault: Vault, license: LicenseDocument): string {
  try {
    return openKey(vault, license);
  } catch {
    return '';
  }
}
