import { afterAll, describe } from '@jest/globals';
import mongoose from 'mongoose';

/** Set by test/support/mongod-setup.ts, which starts a mongod if any test file imports this module. */
const uri = process.env.TEST_MONGODB_URI ?? null;

/** One client for all such tests of a file: to connect takes longer than what it is used for. */
let client: mongoose.mongo.MongoClient | undefined;

/** `describe` for tests that need a mongod. Without one they are skipped, which their name says. */
export function describeWithMongod(name: string, body: () => void): void {
  if (uri === null) {
    describe.skip(`${name} (skipped: there is no mongod)`, body);
    return;
  }
  describe(name, () => {
    body();
    // The last hook, since those of the tests may use the client.
    afterAll(async () => {
      await client?.close();
      client = undefined;
    });
  });
}

/** A database of this name in the set of one member that all test files share. */
export function sharedMongodbUri(database: string): string {
  if (uri === null) throw new Error('There is no mongod; describeWithMongod would have skipped this.');
  return Object.assign(new URL(uri), { pathname: database }).href;
}

/** The database of that URI, for what tests do next to the store. */
export function sharedDatabase(databaseUri: string): mongoose.mongo.Db {
  // No test has to survive the death of the mongod that all test files share.
  client ??= new mongoose.mongo.MongoClient(sharedMongodbUri('admin'), { writeConcern: { w: 1 } });
  return client.db(new URL(databaseUri).pathname.slice(1));
}
