import type { License } from '../../../domain/license.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument, OutboxEntry } from '../documents.ts';
import { type keyFields, licenseOf, searchFields } from './documents.ts';
import { ownerCopyOf, correctOwnerCopies, readOwners } from './owner-copies.ts';
import { collectionOf } from '../database/models.ts';
import { duplicateFields } from '../errors.ts';

/**
 * Licenses that are created together: stored unpublished under the batch's name first, and then published all at once.
 */
export interface LicenseBatch {
  readonly name: string;
  readonly licenses: readonly BatchLicense[];
}

interface BatchLicense {
  readonly license: License;
  readonly key: ReturnType<typeof keyFields>;
}

/**
 * Stores the batch, unpublished. False: another license has one of the keys, and some licenses of the batch may be
 * stored.
 */
export async function insertUnpublished(store: MongoStore, { name, licenses }: LicenseBatch): Promise<boolean> {
  const { models } = store;
  const created = licenses.map(({ license }) => license);
  const owners = await readOwners(models, created);
  const documents = licenses.map(({ license, key }): LicenseDocument => ({
    ...licenseOf(license),
    ...key,
    ...searchFields(license),
    rev: 0,
    ...ownerCopyOf(owners, license),
    expiryNotified: false,
    slots: [],
    unpublished: name,
  }));
  // All processes insert in the order of `_id`. Of two batches that share keys the one that inserts the lowest shared
  // key first gets all of them, instead of both being stopped by each other.
  documents.sort((a, b) => (a._id < b._id ? -1 : 1));
  try {
    await collectionOf(models.licenses).insertMany(documents);
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
    return false;
  }
  const ids = created.map(({ id }) => id);
  await correctOwnerCopies(store, ids, created, owners);
  return true;
}

/** Removes the licenses of a batch that is not complete. */
export async function withdrawBatch({ models }: MongoStore, name: string): Promise<void> {
  await models.licenses.deleteMany({ unpublished: name });
}

/**
 * Inserts the batch document with the entry that publishes its licenses. When it exists, all of them are published,
 * whatever happens to this process. False: another process took this one for dead and has withdrawn the batch.
 */
export async function completeBatch(
  { models, outbox }: MongoStore,
  name: string,
  outboxEntry: OutboxEntry,
): Promise<boolean> {
  try {
    await outbox.insert(models.batches, { _id: name }, outboxEntry);
    return true;
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
    return false;
  }
}
