import type { License } from '../../../domain/license.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument, OutboxEntry } from '../documents.ts';
import { changeableFields, type keyFields } from './documents.ts';
import { copyOf, correctOwners, readOwners } from './owner-copies.ts';
import { collectionOf } from '../models.ts';
import { duplicateFields } from '../errors.ts';

/** Licenses that are made together: all of them unpublished under a name first, and then shown. */
export interface LicenseBatch {
  readonly name: string;
  readonly licenses: readonly NewlyMade[];
}

interface NewlyMade {
  readonly license: License;
  readonly key: ReturnType<typeof keyFields>;
}

/** False: somebody has one of the keys, and some of the batch may be stored. */
export async function insertUnpublished({ models }: MongoStore, { name, licenses }: LicenseBatch): Promise<boolean> {
  const made = licenses.map(({ license }) => license);
  const guildId = made[0]?.guildId ?? '';
  const owners = await readOwners(
    models,
    guildId,
    made.map(({ ownerId }) => ownerId),
  );
  const documents = licenses.map(({ license, key }): LicenseDocument => ({
    ...key,
    ...changeableFields(license),
    rev: 0,
    id: license.id,
    guildId: license.guildId,
    ...copyOf(owners, license.ownerId),
    expiryNotified: false,
    slots: [],
    createdAt: license.createdAt,
    createdBy: license.createdBy,
    unpublished: name,
  }));
  // In one order everywhere: of two batches that want the same keys, one is never stopped by the other.
  documents.sort((a, b) => (a._id < b._id ? -1 : 1));
  try {
    await collectionOf(models.licenses).insertMany(documents);
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
    return false;
  }
  await correctOwners(
    models,
    guildId,
    made.map(({ id }) => id),
    owners,
  );
  return true;
}

export async function withdrawBatch({ models }: MongoStore, name: string): Promise<void> {
  await models.licenses.deleteMany({ unpublished: name });
}

/** From here on all of them come to count, whatever happens. False: somebody took their maker for dead and removed them. */
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
