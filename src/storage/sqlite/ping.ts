import type { DatabaseSync } from 'node:sqlite';
import { createStatements } from './database.ts';
import { createTransact } from './transaction.ts';

/** Less than the 1,500 ms promised by as much as one last try may block. */
const changeTimeoutMs = 1_400;

/** Writes where checks write; that they could be committed is the answer. */
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
