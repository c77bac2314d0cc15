import type { DatabaseSync } from 'node:sqlite';
import type { Vault } from '../../vault.ts';
import { defineMigrationFunctions } from './migration-functions.ts';
import { migrations } from './migrations.ts';

/**
 * Does the missing steps of `migrations` in one transaction. Calls `backUp` before, unless the database is empty.
 * Throws if a step fails, and the database is then as it was.
 */
export function migrate(
  database: DatabaseSync,
  vault: Vault,
  backUp: (fromVersion: number) => void,
  steps: readonly string[] = migrations,
): void {
  const before = readVersion(database);
  if (before === steps.length) return;
  if (before > 0) backUp(before);
  defineMigrationFunctions(database, vault);

  database.exec('BEGIN IMMEDIATE');
  try {
    // Read again inside the transaction: another process may have migrated the store since.
    for (const step of steps.slice(readVersion(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
    database
      .prepare("INSERT INTO meta (name, value) VALUES ('master-key', ?) ON CONFLICT DO NOTHING")
      .run(vault.fingerprint);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function readVersion(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()?.user_version as number;
}
