import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { serverLockFile } from '../../store-files.ts';
import { isBusy } from '../errors.ts';
import { makePrivate } from './private-files.ts';

export interface ServerLock {
  release(): void;
}

/**
 * Makes this process the only server of the store in `dir`. Throws one sentence if another process is. The lock is that
 * of an exclusive SQLite transaction on a file of its own, so the operating system releases it when the process ends,
 * in whatever way.
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
  // A process that only asks whether the lock is held takes it for a moment: this one waits for that.
  const database = new DatabaseSync(serverLockFile(dir), { timeout: 200 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    makePrivate(serverLockFile(dir));
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
