import { existsSync } from 'node:fs';
import { makeFolder } from '../files/make-files.ts';
import { readMasterKey } from './master-key.ts';
import { openSqliteStorage, type SqliteOptions } from './sqlite/open.ts';
import { restoreBackup, type Restored } from './sqlite/database/restore.ts';
import { isServerLocked } from './sqlite/database/server-lock.ts';
import { requireStoreFolder } from './store-folder.ts';
import { masterKeyFile } from './store-files.ts';
import type { Storage } from './port/storage.ts';

export interface StorageOptions extends SqliteOptions {
  /** null: the SQLite store in `dir`. Otherwise `dir`, `durability` and `server` are ignored. */
  readonly mongodbUri: string | null;
  /** For MongoDB: false makes an empty database an error; true when left out. */
  readonly mayMakeStore?: boolean;
}

/** Opens the configured store. Rejects with one sentence where it must not be opened. */
export async function openStorage({ mongodbUri, ...options }: StorageOptions): Promise<Storage> {
  if (mongodbUri === null) return openSqliteStorage(options);
  // Loaded only when needed: a process on SQLite saves the driver's start-up time and memory.
  const { openMongoStorage } = await import('./mongo/open.ts');
  return openMongoStorage({ ...options, uri: mongodbUri });
}

/** Whether a server runs on the SQLite store in `dir` now. */
export async function isServerRunning(dir: string): Promise<boolean> {
  return Promise.resolve(isServerLocked(dir));
}

/**
 * Replaces the SQLite store in `dir` by a backup. `dir` may be empty but for the master key, as on a new machine.
 * Rejects with one sentence where the backup cannot be restored, and has then changed nothing.
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
  requireStoreFolder({ dir, newStore: 'always', lists: [] });
  makeFolder(dir);
  const { key } = readMasterKey(dir, masterKey, random);
  return Promise.resolve(restoreBackup(dir, file, key, clock()));
}
