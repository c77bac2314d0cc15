import type { Connection, Model, mongo } from 'mongoose';
import type { Documents } from '../documents.ts';
import { isIndexNotFound } from '../errors.ts';
import { indexes, replacedIndexes, schemas } from '../schemas.ts';

/** One model for each collection, all on one connection. */
export type Models = { readonly [name in keyof Documents]: Model<Documents[name]> };

export function createModels(connection: Connection): Models {
  const models: Partial<Record<keyof Models, unknown>> = {};
  for (const name of Object.keys(schemas) as (keyof Models)[]) models[name] = connection.model(name, schemas[name]);
  return models as Models;
}

/** The driver's collection, which neither casts nor validates: for documents whose shape the compiler has checked. */
export function collectionOf<T extends object>(model: Model<T>): mongo.Collection<T> {
  return model.collection as unknown as mongo.Collection<T>;
}

/** Creates the indexes that do not exist yet, and then drops those that they have replaced. */
export async function createIndexes(models: Models): Promise<void> {
  const creations = Object.entries(indexes).map(([name, wanted]) =>
    models[name as keyof Models].collection.createIndexes(wanted.map((index) => ({ ...index }))),
  );
  await Promise.all(creations);
  for (const name of Object.keys(replacedIndexes)) await dropReplacedIndexes(models, name as keyof Models);
}

/** Drops the indexes of a collection that exists which newer ones have replaced. */
export async function dropReplacedIndexes(models: Models, name: keyof Models): Promise<void> {
  const { collection } = models[name];
  for (const index of await collection.indexes()) {
    const isReplaced = replacedIndexes[name]?.some((key) => JSON.stringify(index.key) === JSON.stringify(key));
    if (isReplaced && index.name !== undefined) await dropIndex(collection, index.name);
  }
}

async function dropIndex(collection: Models['licenses']['collection'], name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    // Another process, which was started at the same time, has dropped it.
    if (!isIndexNotFound(error)) throw error;
  }
}

/** The indexes that do not exist, or are not unique as they should be, as `collection.field_field`. */
export async function missingIndexes(models: Models): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [name, wanted] of Object.entries(indexes)) {
    const { collection } = models[name as keyof Models];
    const found = await collection.indexes();
    for (const { key, unique = false } of wanted) {
      const exists = found.some(
        (index) => JSON.stringify(index.key) === JSON.stringify(key) && (index.unique ?? false) === unique,
      );
      if (!exists) missing.push(`${collection.name}.${Object.keys(key).join('_')}`);
    }
  }
  return missing;
}
