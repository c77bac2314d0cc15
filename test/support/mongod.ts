import { describe } from '@jest/globals';

/** Set by test/support/mongod-setup.ts, which starts a mongod if any test file imports this module. */
const uri = process.env.TEST_MONGODB_URI ?? null;

/** `describe` for tests that need a mongod. Without one they are skipped, which their name says. */
export function describeWithMongod(name: string, body: () => void): void {
  if (uri === null) describe.skip(`${name} (skipped: there is no mongod)`, body);
  else describe(name, body);
}

/** A database of this name in the set of one member that all test files share. */
export function sharedMongodbUri(database: string): string {
  if (uri === null) throw new Error('There is no mongod; describeWithMongod would have skipped this.');
  return Object.assign(new URL(uri), { pathname: database }).href;
}
