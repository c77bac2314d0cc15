import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { asStoreError } from '../../src/storage/mongo/errors.ts';
import { StoreUnavailableError } from '../../src/storage/port/errors.ts';

test('an error of a server that cannot be reached is a StoreUnavailableError, also for a bulk write', async () => {
  // No process listens on port 1.
  const client = new mongoose.mongo.MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 50 });
  const collection = client.db('latchkey').collection('notes');
  const reading = await collection.findOne().catch(asStoreError);
  const storing = await collection.insertMany([{ value: 'late' }]).catch(asStoreError);
  await client.close();
  expect([reading, storing]).toEqual([expect.any(StoreUnavailableError), expect.any(StoreUnavailableError)]);
});
