import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { asStoreError } from '../../src/storage/mongo/errors.ts';
import { StoreUnavailableError } from '../../src/storage/port/errors.ts';

test('a MongoDB that cannot be reached is told as that, also where many documents were to be stored', async () => {
  // Nothing listens there.
  const client = new mongoose.mongo.MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 });
  const collection = client.db('latchkey').collection('notes');
  const reading = await collection.findOne().catch(asStoreError);
  const storing = await collection.insertMany([{ value: 'late' }]).catch(asStoreError);
  await client.close();
  expect([reading, storing]).toEqual([expect.any(StoreUnavailableError), expect.any(StoreUnavailableError)]);
});
