import { expect, test } from '@jest/globals';
import type { mongo } from 'mongoose';
import { duplicateFields } from '../../src/storage/mongo/errors.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { createTestClock } from '../support/test-clock.ts';

interface Numbered {
  readonly _id: number;
  readonly text: string;
}

/** The error of a bulk write whose first document is a duplicate. */
async function errorOf(more: readonly mongo.AnyBulkWriteOperation<Numbered>[]): Promise<unknown> {
  const installation = await mongoEngine.install(createTestClock().now);
  const { uri = '' } = installation.connection;
  try {
    return await withDatabase(uri, async (database) => {
      const collection = database.collection<Numbered>('numbered');
      const document = { _id: 1, text: 'there' };
      await collection.insertOne(document);
      const bulk = [{ insertOne: { document } }, ...more];
      return collection.bulkWrite(bulk, { ordered: false }).catch((error: unknown) => error);
    });
  } finally {
    await installation.remove();
  }
}

describeWithMongod('a duplicate document', () => {
  const another = { insertOne: { document: { _id: 2, text: 'new' } } };

  test('is recognised also as one of many documents', async () => {
    expect(duplicateFields(await errorOf([another]))).not.toBeNull();
  });

  test('does not hide that another one could not be stored', async () => {
    const impossible = { updateOne: { filter: { _id: 1 }, update: { $inc: { text: 1 } } } };
    const bulk = [another, impossible] as readonly mongo.AnyBulkWriteOperation<Numbered>[];
    expect(duplicateFields(await errorOf(bulk))).toBeNull();
  });
});
