import { copyPageSize, type CopyKind, type CopyPage, type CopyPosition, type CopyRecords } from '../../copy/port.ts';
import { collectionOf, type Models } from '../models.ts';
import { duplicateFields } from '../errors.ts';

/** Where the records of one kind lie. */
export interface CollectionAdapter<K extends CopyKind> {
  count(): Promise<number>;
  read(after: CopyPosition | null): Promise<CopyPage<K>>;
  /** What is there already stays. `place`: 1 for the first of its kind. */
  write(records: readonly CopyRecords[K][], place: number): Promise<void>;
}

export type CollectionAdapters<K extends CopyKind = CopyKind> = { readonly [kind in K]: CollectionAdapter<kind> };

/** As the driver gives and takes it: bytes are Buffers. */
export type Stored = Readonly<Record<string, unknown>>;

interface AdapterOptions<K extends CopyKind> {
  readonly collection: keyof Models;
  /** What there is of it besides what is on its way in or out; left out: nothing. */
  readonly filter?: object;
  /** Fields that are made of others or belong to this engine. */
  readonly omit?: readonly string[];
  readonly recordOf: (stored: Stored) => CopyRecords[K] | Stored | Promise<CopyRecords[K]>;
  readonly documentsOf: (
    records: readonly CopyRecords[K][],
    place: number,
  ) => readonly object[] | Promise<readonly object[]>;
}

/** A kind that has a collection, whose ids order it. */
export function createCollectionAdapter<K extends CopyKind>(
  models: Models,
  kind: K,
  { collection, filter = {}, omit = [], recordOf, documentsOf }: AdapterOptions<K>,
): CollectionAdapter<K> {
  const documents = rawCollection(models, collection);
  const projection = Object.fromEntries(omit.map((field) => [field, 0]));

  return {
    count: () => documents.countDocuments(filter),

    read: async (after) => {
      const limit = copyPageSize(kind);
      const from = after === null ? {} : { _id: { $gt: after[0] } };
      const found = await documents
        .find({ ...filter, ...from } as object, { projection, promoteBuffers: true, batchSize: limit })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray();
      const last = found.length < limit ? undefined : found.at(-1);
      return {
        // What the program stored as a record is one.
        records: (await Promise.all(found.map(async (one) => recordOf(one as Stored)))) as CopyRecords[K][],
        next: last ? [last._id] : null,
      };
    },

    write: async (records, place) => {
      if (records.length === 0) return;
      try {
        await documents.insertMany((await documentsOf(records, place)) as never, { ordered: false });
      } catch (error) {
        // Whoever was cut off before he could say so stored some of these; comparing finds out if it is something else.
        if (duplicateFields(error) === null) throw error;
      }
    },
  };
}

/** Which casts nothing. */
export function rawCollection(models: Models, name: keyof Models) {
  return collectionOf(models[name] as unknown as Models['notes']);
}

/** `_id` becomes `id`; the other fields are the record's own. */
export function withId({ _id: id, ...fields }: Stored): Stored {
  return { id, ...fields };
}

/** `_id` is made of the other fields. */
export function withoutId({ _id: _, ...fields }: Stored): Stored {
  return fields;
}
