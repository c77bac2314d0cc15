import { keySuffix } from '../../../domain/values/key-format.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { createLicenseChanges } from '../licenses/changes.ts';
import { hexOf, lookupText } from '../licenses/documents.ts';
import { duplicateFields } from '../errors.ts';

/**
 * Gives a license of an older version its key in the form in which keys are stored now, and a blacklist entry for the
 * key with it. The license stays as it is where another one has that key.
 */
export async function respellKey(
  store: MongoStore,
  { _id, id, guildId }: Pick<LicenseDocument, '_id' | 'id' | 'guildId'>,
  key: string,
): Promise<void> {
  const match = hexOf(lookupText(store.vault.lookup(guildId, key)));
  try {
    await store.models.blacklist.updateOne(
      { guildId, type: 'key', match: hexOf(_id) },
      { $set: { match }, $inc: { rev: 1 } },
    );
  } catch (error) {
    // There is an entry for the respelled key already.
    if (duplicateFields(error) === null) throw error;
  }
  await createLicenseChanges(store).changeLicense(guildId, { id }, (current) => ({
    next: { ...current, keySuffix: keySuffix(key) },
    trail: { audit: [], effects: [] },
    result: {},
    newKey: key,
  }));
}
