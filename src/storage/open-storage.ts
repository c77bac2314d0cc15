import { openSqliteStorage, type SqliteOptions } from './sqlite/open.ts';
import type { Storage } from './storage.ts';

export type StorageOptions = SqliteOptions;

/** Opens the store that the options name. Rejects with one sentence where it must not be opened. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  return Promise.resolve(openSqliteStorage(options));
}
