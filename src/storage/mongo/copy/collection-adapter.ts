import { copyPageSize, type CopyKind, type CopyPage, type CopyPosition, type CopyRecords } from '../../copy/port.ts';
import type { Documents } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { collectionOf, type Models } from '../database/models.ts';

/** Reads and writes the records of one kind. */
export interface CollectionAdapter<K extends CopyKind> {
  count(): Promise<number>;
  read(after: CopyPosition | null): Promise<CopyPage<K>>;
  /**
   * Inserts the records that are not stored yet. `firstPosition` is the first record's position in its kind, from 1.
   */
  write(records: readonly CopyRecords[K][], firstPosition: number): Promise<void>;
}

export type CollectionAdapters<K extends CopyKind = CopyKind> = { readonly [kind in K]: CollectionAdapter<kind> };

/** The fields of a document that belong to the record. */
type RecordFields<K extends CopyKind, C extends keyof Documents> = Extract<
  keyof Documents[C],
  keyof CopyRecords[K] | '_id'
>;

interface AdapterOptions<K extends CopyKind, C extends keyof Documents> {
  readonly collection: C;
  /** Leaves out documents that do not count yet, or no longer. */
  readonly filter?: object;
  /** The fields that only this store knows: all that are not in the record, and none that is. */
  readonly omit: Readonly<Record<Exclude<keyof Documents[C], RecordFields<K, C>>, 0>>;
  readonly recordOf: (stored: Pick<Documents[C], RecordFields<K, C>>) => CopyRecords[K] | Promise<CopyRecords[K]>;
  readonly documentsOf: (
    records: readonly CopyRecords[K][],
    firstPosition: number,
  ) => readonly Documents[C][] | Promise<readonly Documents[C][]>;
}

/** An adapter for a kind with a collection of its own, whose records are read in the order of `_id`. */
export function createCollectionAdapter<K extends CopyKind, C extends keyof Documents>(
  models: Models,
  kind: K,
  { collection, filter = {}, omit, recordOf, documentsOf }: AdapterOptions<K, C>,
): CollectionAdapter<K> {
  const documents = rawCollection(models, collection);

  return {
    count: () => documents.countDocuments(filter),

    read: async (after) => {
      const limit = copyPageSize(kind);
      const from = after === null ? {} : { _id: { $gt: after[0] } };
      const found = await documents
        .find({ ...filter, ...from } as object, { projection: omit, promoteBuffers: true, batchSize: limit })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      const last = found.length < limit ? undefined : found.at(-1);
      const records = await Promise.all(found.map(async (stored) => recordOf(stored as never)));
      return { records, next: last ? [last._id] : null };
    },

    write: async (records, firstPosition) => {
      if (records.length === 0) return;
      try {
        await documents.insertMany((await documentsOf(records, firstPosition)) as never, { ordered: false });
      } catch (error) {
        // A copy that was cut off may have stored these records before it could store its progress. Should a duplicate
        // be another record, the comparison at the end of the copy finds it.
        if (duplicateFields(error) === null) throw error;
      }
    },
  };
}

/** The driver's collection, which casts nothing. */
export function rawCollection(models: Models, name: keyof Models) {
  return collectionOf(models[name] as unknown as Models['notes']);
}

/** A record whose `id` is stored as `_id`. */
export function withId<T extends { readonly _id: unknown }>({ _id, ...fields }: T) {
  return { ...fields, id: _id as T['_id'] };
}

/** A record without id: `_id` is made of the other fields. */
export function withoutId<T extends { readonly _id: unknown }>({ _id: _, ...fields }: T) {
  return fields;
}
