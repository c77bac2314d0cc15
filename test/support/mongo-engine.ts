import { randomBytes, randomUUID } from 'node:crypto';
import mongoose from 'mongoose';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import type { Engine } from '../contract/storage-contract.ts';
import { emptyDatabase } from './mongo-documents.ts';
import { sharedMongodbUri } from './mongod.ts';

/** Databases that were used and emptied. Creating all collections and indexes again takes longer than most tests. */
const emptied: string[] = [];

/** A database of its own in the replica set that all tests share; several servers may be on it. */
export const mongoEngine: Engine = {
  name: 'MongoDB',
  install: (clock) => {
    const uri = emptied.pop() ?? sharedMongodbUri(`latchkey-${randomUUID()}`);
    const masterKey = randomBytes(32);
    const opened: Storage[] = [];

    return Promise.resolve({
      open: async () => {
        const storage = await openStorage({
          mongodbUri: uri,
          dir: null,
          masterKey,
          clock,
          random: randomBytes,
          durability: 'process',
          server: true,
          // Generous, so that a slow machine does not look like a store that cannot be reached.
          checkDeadlineMs: 15_000,
          changeTimeoutMs: 15_000,
        });
        opened.push(storage);
        return storage;
      },
      connection: { uri, masterKey: masterKey.toString('base64') },
      bytes: () => withDatabase(uri, documentsOf),
      remove: async () => {
        for (const storage of opened) await storage.close();
        await emptyDatabase(uri);
        emptied.push(uri);
      },
    });
  },
};

export async function withDatabase<T>(uri: string, use: (database: mongoose.mongo.Db) => Promise<T>): Promise<T> {
  const client = new mongoose.mongo.MongoClient(uri);
  try {
    return await use(client.db());
  } finally {
    await client.close();
  }
}

/** The BSON of everything that is stored. */
async function documentsOf(database: mongoose.mongo.Db): Promise<Buffer> {
  const documents: Buffer[] = [];
  for (const { collectionName } of await database.collections()) {
    // With `raw` the driver hands out bytes, whatever its types say.
    for await (const bytes of database.collection(collectionName).find({}, { raw: true })) {
      documents.push(bytes as unknown as Buffer);
    }
  }
  return Buffer.concat(documents);
}
