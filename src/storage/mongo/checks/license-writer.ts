import mongoose from 'mongoose';
import { StoreUnavailableError } from '../../port/errors.ts';
import { collectionOf, type Models } from '../database/models.ts';
import { asStoreError } from '../errors.ts';
import type { LicenseWrite, WorkingLicense } from './working-license.ts';

/** What became of the writes of a group's licenses. All others are stored, and confirmed by a majority. */
export interface WrittenLicenses {
  /** Another process changed them after the read, which makes every decision on them void. */
  readonly conflicting: ReadonlySet<WorkingLicense | null>;
  /** MongoDB refuses to write them, for this reason; the others are not affected. */
  readonly failed: ReadonlyMap<WorkingLicense | null, unknown>;
}

/** Writes licenses of a group, each on the condition of its own write. */
export type LicenseWriter = (writes: ReadonlyMap<WorkingLicense, LicenseWrite>) => Promise<WrittenLicenses>;

const immutableField = 66;

/**
 * One bulk write for all licenses takes half the time of a write for each. But its result only counts the writes that
 * matched, and reading `rev` afterwards does not say whether this process or another one raised it. So each write is an
 * upsert that can never insert: where nothing matches, MongoDB tries to insert a document with another `_id` than the
 * one of the filter, and reports that as the error of this one write.
 */
const neverInserted = { $setOnInsert: { _id: '' } } as const;

export function createLicenseWriter(models: Models): LicenseWriter {
  const licenses = collectionOf(models.licenses);

  return async (writes) => {
    const conflicting = new Set<WorkingLicense | null>();
    const failed = new Map<WorkingLicense | null, unknown>();
    if (writes.size === 0) return { conflicting, failed };
    const operations = [...writes.values()].map(({ filter, update }) => ({
      updateOne: { filter, update: { ...update, ...neverInserted }, upsert: true },
    }));
    try {
      await licenses.bulkWrite(operations, { ordered: false });
    } catch (error) {
      const writeErrors = error instanceof mongoose.mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
      // An error of the whole bulk, such as a lost connection or a majority that did not confirm it.
      if (writeErrors.length === 0) throw error;
      const written = [...writes.keys()];
      for (const { index, code, errmsg } of writeErrors) {
        const license = written[index] ?? null;
        if (code === immutableField) conflicting.add(license);
        else failed.set(license, asStoreError(new mongoose.mongo.MongoServerError({ code, message: errmsg ?? '' })));
      }
      for (const failure of failed.values()) if (failure instanceof StoreUnavailableError) throw failure;
    }
    return { conflicting, failed };
  };
}
