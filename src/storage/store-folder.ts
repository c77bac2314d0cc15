import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findExisting, requireAccess, requireFolder } from '../files/file-errors.ts';
import { backupFolder, masterKeyFile, serverLockFile, storeFile } from './store-files.ts';

/**
 * Whether a process may make the store where there is none: most commands never; a server only in a folder that shows no
 * sign of a former store, since a folder whose volume is not mounted looks like a new one.
 */
export type NewStore = 'never' | 'where-none-was' | 'always';

export interface StoreFolder {
  readonly dir: string;
  readonly newStore: NewStore;
  /**
   * Files with the folders in which this installation had a store, one on a line. The first that can be written is
   * written to, because the program's folder is read-only for many services.
   */
  readonly lists: readonly string[];
}

/**
 * Throws one sentence where this process may not use the folder of the SQLite store, or may not make the store that is
 * missing there. A server that made a new one instead would answer every customer that their key is unknown.
 */
export function requireStoreFolder({ dir, newStore, lists }: StoreFolder): void {
  requireFolder(dir);
  const store = storeFile(dir);
  const existing = findExisting(dir);
  if (existing === dir || newStore !== 'never') requireAccess(existing, 'write');
  for (const file of [store, `${store}-wal`, `${store}-shm`, serverLockFile(dir)]) {
    if (existsSync(file)) requireAccess(file, 'write');
  }
  // Opening the store reports a log without its database.
  if (existsSync(store) || existsSync(`${store}-wal`) || newStore === 'always') return;
  if (newStore === 'never') {
    throw new Error(
      `There is no store in ${dir}. Start the server or run “latchkey guild add” to make one, or set data.dir to the folder of yours.`,
    );
  }
  const sign = findSignOfStore(dir, existing, lists);
  if (sign === null) return;
  throw new Error(
    `There is no store in ${dir}, but ${sign}. Mount the volume that holds the store, or restore a backup; --new-store begins with an empty one.`,
  );
}

function findSignOfStore(dir: string, existing: string, lists: readonly string[]): string | null {
  const leftOver = [masterKeyFile(dir), backupFolder(dir)].find((path) => existsSync(path));
  if (leftOver !== undefined) return `${leftOver} is there`;
  // Operators who want to start over remove the folder. An unmounted volume leaves an empty one, here or above.
  const isEmpty = readdirSync(existing).every((name) => name === 'lost+found');
  return isEmpty && lists.some((file) => readList(file).includes(resolve(dir))) ? 'there was one before' : null;
}

/** Notes that this installation has a store in `dir`. */
export function rememberStoreFolder({ dir, lists }: Pick<StoreFolder, 'dir' | 'lists'>): void {
  const path = resolve(dir);
  if (lists.some((file) => readList(file).includes(path))) return;
  for (const file of lists) {
    try {
      appendFileSync(file, `${path}\n`);
      return;
    } catch {
      // This list cannot be written; the next one may be.
    }
  }
}

function readList(file: string): readonly string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}
