import { existsSync, mkdirSync } from 'node:fs';
import { readMasterKey } from './master-key.ts';
import { openSqliteStorage, type SqliteOptions } from './sqlite/open.ts';
import { restoreBackup, type Restored } from './sqlite/restore.ts';
import { isServerLocked } from './sqlite/server-lock.ts';
import { masterKeyFile } from './store-files.ts';
import type { Storage } from './storage.ts';

export type StorageOptions = SqliteOptions;

/** Opens the store that the options name. Rejects with one sentence where it must not be opened. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  return Promise.resolve(openSqliteStorage(options));
}

/** Whether a server runs on the store in `dir` now. */
export async function isServerRunning(dir: string): Promise<boolean> {
  return Promise.resolve(isServerLocked(dir));
}

/**
 * Puts a backup in the place of the store, which may be on a new machine that has only the master key. Rejects with one
 * sentence, changing nothing, where that cannot be.
 */
export async function restoreStore(
  file: string,
  {
    dir,
    masterKey,
    clock,
    random,
  }: Pick<StorageOptions, 'clock' | 'random'> & { dir: string; masterKey: Buffer | null },
): Promise<Restored> {
  if (masterKey === null && !existsSync(masterKeyFile(dir))) {
    throw new Error(
      `Put the master key that goes with this backup into ${masterKeyFile(dir)} first, or set masterKey.`,
    );
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { key } = readMasterKey(dir, masterKey, random);
  return Promise.resolve(restoreBackup(dir, file, key, clock()));
}
