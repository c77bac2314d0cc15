import { DatabaseSync } from 'node:sqlite';
import { serverLockFile } from '../store-files.ts';
import { isBusy } from './trouble.ts';

export interface ServerLock {
  release(): void;
}

/**
 * Makes this process the one server of the store in `dir`; throws a sentence where there is one. The lock is SQLite's
 * own on a file of its own, so it dies with the process, however that ends.
 */
export function takeServerLock(dir: string): ServerLock {
  const database = new DatabaseSync(serverLockFile(dir), { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new Error(`Another Latchkey server runs on ${dir}: stop it first.`, { cause: error });
    throw error;
  }
  return {
    release: () => {
      database.close();
    },
  };
}
