import type { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** Brings a store up to date in one transaction; `backUp` comes first where there is something to lose. */
export function migrate(
  database: DatabaseSync,
  fingerprint: string,
  backUp: (fromVersion: number) => void,
  steps: readonly string[] = migrations,
): void {
  const before = readVersion(database);
  if (before === steps.length) return;
  if (before > 0) backUp(before);

  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again: another process may have been faster.
    for (const step of steps.slice(readVersion(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database.prepare("INSERT INTO meta (name, value) VALUES ('master-key', ?) ON CONFLICT DO NOTHING").run(fingerprint);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()?.user_version as number;
}
