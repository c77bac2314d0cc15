import type { DatabaseSync } from 'node:sqlite';
import { createStatements } from './database/database.ts';
import { createTransact } from './transaction.ts';

/** The promise is 1,500 ms. The last try begins up to 20 ms after this time and may block for 50 ms. */
const changeTimeoutMs = 1_400;

/** Commits a write on the check connection, so that it fails exactly when checks cannot be committed. */
export function createPing(checks: DatabaseSync, now: () => Date): () => Promise<void> {
  const statement = createStatements(checks);
  const transact = createTransact(checks, statement, () => undefined);
  return () =>
    transact('BEGIN IMMEDIATE', changeTimeoutMs, () => {
      statement(
        "INSERT INTO meta (name, value) VALUES ('ping', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      ).run(now().toISOString());
    });
}
