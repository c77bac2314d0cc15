import { describeUnfinishedCopy } from '../copy/port.ts';
import type { Models } from './models.ts';

/** Raised by a change of the documents that an older version of the program must not see. */
const formatVersion = 1;

/**
 * Makes an empty database one of this program and master key; rejects with a sentence where it is another's, or where
 * it was not copied to its end, unless that is what it is opened for.
 */
export async function claimDatabase(models: Models, fingerprint: string, isToBeCopied = false): Promise<void> {
  const meta = await models.meta
    .findOneAndUpdate(
      { _id: 'latchkey' },
      { $setOnInsert: { version: formatVersion, fingerprint } },
      { upsert: true, returnDocument: 'after' },
    )
    .lean();
  if (meta.version > formatVersion) {
    throw new Error('The database was written by a newer version of Latchkey: install that one.');
  }
  if (meta.fingerprint !== fingerprint) {
    throw new Error(
      'The database was made with another master key: put back the right one. All processes on a database share one key.',
    );
  }
  if (meta.copy && !isToBeCopied) throw new Error(describeUnfinishedCopy('The database', meta.copy.source));
  // A linearizable read proves nothing about a document that is not there.
  await models.bundleVersion.updateOne(
    { _id: 'current' },
    { $setOnInsert: { value: 0, changeLog: [] } },
    { upsert: true },
  );
}
