import { setImmediate as nextTick } from 'node:timers/promises';
import type { Vault } from '../vault.ts';
import type { LicenseDocument } from './documents.ts';
import { foldedText, openKey, orderFields } from './licenses/documents.ts';
import { collectionOf, type Models } from './models.ts';
import { rowsPerStep } from './steps.ts';

/**
 * Gives licenses that were stored before there were folded keys and orders theirs, in steps of some hundred. Several
 * processes may do so at the same time. Where no such license is left, this is one look-up in an index.
 */
export async function fillFoldedFields({ licenses }: Models, vault: Vault): Promise<void> {
  for (;;) {
    const found = await licenses.find({ keyFolded: null }).select({ sealedKey: 1, order: 1 }).limit(rowsPerStep).lean();
    if (found.length === 0) return;
    const updates = found.map((license) => ({
      updateOne: {
        filter: { _id: license._id, order: license.order, keyFolded: null as never },
        // The hash of the whole key, which the one of its folded form replaces.
        update: {
          $set: { keyFolded: foldedKeyOf(vault, license), ...orderFields(license) },
          $unset: { keyAnywhere: '' as const },
        },
      },
    }));
    await collectionOf(licenses).bulkWrite(updates, { ordered: false });
    await nextTick();
  }
}

/** A key that does not open is found by none, but must not keep the store from opening. */
function foldedKeyOf(vault: Vault, license: Pick<LicenseDocument, '_id' | 'sealedKey'>): string {
  try {
    return foldedText(vault.foldedKey(openKey(vault, license)));
  } catch {
    return '';
  }
}
