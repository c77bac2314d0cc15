import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { serverLockFile } from '../store-files.ts';
import { isBusy } from './errors.ts';

export interface ServerLock {
  release(): void;
}

/**
 * Makes this process the one server of the store in `dir`; throws a sentence where there is one. The lock is SQLite's
 * own on a file of its own, so it dies with the process, however that ends.
 */
export function takeServerLock(dir: string): ServerLock {
  const lock = tryServerLock(dir);
  if (lock === null) throw new Error(`Another Latchkey server runs on ${dir}: stop it first.`);
  return lock;
}

/** Whether a server holds the lock now. */
export function isServerLocked(dir: string): boolean {
  if (!existsSync(serverLockFile(dir))) return false;
  const lock = tryServerLock(dir);
  lock?.release();
  return lock === null;
}

function tryServerLock(dir: string): ServerLock | null {
  // Whoever only asks whether it is held has it for an instant.
  const database = new DatabaseSync(serverLockFile(dir), { timeout: 200 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return {
    release: () => {
      database.close();
    },
  };
}
