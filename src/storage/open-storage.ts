import { existsSync, mkdirSync } from 'node:fs';
import { readMasterKey } from './master-key.ts';
import { openSqliteStorage, type SqliteOptions } from './sqlite/open.ts';
import { restoreBackup, type Restored } from './sqlite/restore.ts';
import { isServerLocked } from './sqlite/server-lock.ts';
import { masterKeyFile } from './store-files.ts';
import type { Storage } from './port/storage.ts';

export interface StorageOptions extends SqliteOptions {
  /** null: the embedded store. Otherwise `dir`, `durability` and `server` mean nothing. */
  readonly mongodbUri: string | null;
}

/** Opens the store that the options name. Rejects with one sentence where it must not be opened. */
export async function openStorage({ mongodbUri, ...options }: StorageOptions): Promise<Storage> {
  if (mongodbUri === null) return openSqliteStorage(options);
  // The driver takes time and memory that a process on the embedded store does not spend.
  const { openMongoStorage } = await import('./mongo/open.ts');
  return openMongoStorage({ ...options, uri: mongodbUri });
}

/** Whether a server runs on the embedded store in `dir` now. */
export async function isServerRunning(dir: string): Promise<boolean> {
  return Promise.resolve(isServerLocked(dir));
}

/**
 * Puts a backup in the place of the embedded store, which may be on a new machine that has only the master key. Rejects
 * with one sentence, changing nothing, where that cannot be.
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
