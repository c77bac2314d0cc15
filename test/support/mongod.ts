import { describe } from '@jest/globals';

/** Where test/support/mongod-setup.ts says what it started; test files that import this get it started. */
const uri = process.env.TEST_MONGODB_URI ?? null;

/** As `describe`, of what needs a mongod; skipped, and said so, where there is none. */
export function describeWithMongod(name: string, body: () => void): void {
  if (uri === null) describe.skip(`${name} (skipped: there is no mongod)`, body);
  else describe(name, body);
}

/** A database of this name in the set of one member that all test files share. */
export function sharedMongodbUri(database: string): string {
  if (uri === null) throw new Error('There is no mongod; describeWithMongod would have skipped this.');
  return Object.assign(new URL(uri), { pathname: database }).href;
}
