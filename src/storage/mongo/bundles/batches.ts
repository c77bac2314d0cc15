import type { Model, mongo } from 'mongoose';
import { collectionOf } from '../database/models.ts';

/** How many documents arrive and are decoded at a time, in less than 10 ms of the processor. */
const batchSize = 500;

/**
 * Reads some fields of many documents in batches, between which the event loop runs. To ask for documents one by one
 * would take a promise for each.
 */
export async function* batchesOf<T extends object, F extends keyof T & string>(
  model: Model<T>,
  filter: mongo.Filter<T>,
  fields: readonly F[],
): AsyncGenerator<readonly Pick<T, F>[]> {
  const projection = Object.fromEntries(fields.map((field) => [field, 1]));
  const cursor = collectionOf(model).find(filter, { projection, batchSize });
  while (await cursor.hasNext()) yield cursor.readBufferedDocuments() as unknown as readonly Pick<T, F>[];
}
