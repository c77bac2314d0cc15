import { describeUnfinishedCopy } from '../../copy/port.ts';
import { refoldProductNames } from '../bundles/refold-names.ts';
import { fillModelFields } from './fill-model-fields.ts';
import { fillSearchFields } from './fill-search-fields.ts';
import type { Vault } from '../../vault.ts';
import type { Models } from './models.ts';

/** Raised when documents change in a way that an older version of the program must not work with. */
const formatVersion = 4;

export interface ClaimOptions {
  readonly vault: Vault;
  /** false: an empty database is an error. */
  readonly mayMakeStore: boolean;
  /** true: the database is opened to go on with an unfinished copy, if it holds one. */
  readonly isCopyTarget: boolean;
}

/**
 * Marks an empty database as one of this program and master key. Rejects with one sentence for the operator when the
 * database belongs to a newer version or another master key, holds an unfinished copy, or has no store and may get none.
 */
export async function claimDatabase(
  models: Models,
  { vault, mayMakeStore, isCopyTarget }: ClaimOptions,
): Promise<void> {
  const { fingerprint } = vault;
  const meta = await models.meta
    .findOneAndUpdate(
      { _id: 'latchkey' },
      { $setOnInsert: { version: formatVersion, fingerprint } },
      { upsert: mayMakeStore, returnDocument: 'after' },
    )
    .lean();
  if (!meta) {
    const { name } = models.meta.db;
    throw new Error(
      `There is no store in the database “${name}” of MONGODB_URI. Start the server or run “latchkey guild add” to make one, or name the database of yours.`,
    );
  }
  if (meta.version > formatVersion) {
    throw new Error('The database was written by a newer version of Latchkey: install that one.');
  }
  if (meta.fingerprint !== fingerprint) {
    throw new Error(
      'The database was made with another master key: put back the right one. All processes on a database share one key.',
    );
  }
  if (meta.copy && !isCopyTarget) throw new Error(describeUnfinishedCopy('The database', meta.copy.source));
  if (meta.version < formatVersion) {
    await refoldProductNames(models);
    await fillModelFields(models, vault);
    await fillSearchFields(models, false);
    // From here on no process of an older version starts, which would store documents without the newer fields.
    await models.meta.updateOne({ _id: 'latchkey', version: meta.version }, { $set: { version: formatVersion } });
  }
  // Checks read this document with linearizable read concern, which gives no guarantee for a document that does not
  // exist: https://www.mongodb.com/docs/manual/reference/read-concern-linearizable/
  await models.bundleVersion.updateOne(
    { _id: 'current' },
    { $setOnInsert: { value: 0, changeLog: [] } },
    { upsert: true },
  );
}
