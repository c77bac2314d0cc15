import { copyFileSync, existsSync, linkSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { syncFile } from '../../fsync.ts';
import { makeFile } from '../../../files/make-files.ts';
import { storeFile } from '../../store-files.ts';
import { createVault } from '../../vault.ts';
import { inspectStore } from './inspect.ts';
import { removeDatabase, vacuumInto } from './private-files.ts';
import { takeServerLock } from './server-lock.ts';

export interface Restored {
  /** The file that holds the store that was replaced. null: there was none. */
  readonly previous: string | null;
}

/**
 * Replaces the store in `dir` by a backup. Throws one sentence, and has then changed nothing, where a server runs on
 * the store or the backup is damaged, was written by a newer version or was made with another master key.
 */
export function restoreBackup(dir: string, backup: string, masterKey: Buffer, now: Date): Restored {
  const lock = takeServerLock(dir);
  try {
    const state = inspectStore(backup, createVault(masterKey).fingerprint);
    if (!state) throw new Error(`${backup} does not exist.`);
    if (state.version === 0) throw new Error(`${backup} is no backup of Latchkey.`);
    const draft = `${storeFile(dir)}.restoring`;
    removeDatabase(draft);
    copyWhole(backup, draft);
    return replace(storeFile(dir), draft, `${storeFile(dir)}.before-restore-${now.toISOString().replaceAll(':', '-')}`);
  } finally {
    lock.release();
  }
}

function copyWhole(backup: string, draft: string): void {
  const database = new DatabaseSync(backup, { readOnly: true, timeout: 2_000 });
  try {
    const [first] = database.prepare('PRAGMA integrity_check(1)').all();
    if (first?.integrity_check !== 'ok') throw new Error(`${backup} is damaged.`);
    vacuumInto(database, draft);
  } finally {
    database.close();
  }
  syncFile(draft);
}

function replace(store: string, draft: string, aside: string): Restored {
  const existed = existsSync(store);
  if (existed) keepUnderName(store, aside);
  // The write-ahead log of the old store must go before the new store gets the name: SQLite would apply it to that one.
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(store + suffix)) renameSync(store + suffix, aside + suffix);
  }
  renameSync(draft, store);
  syncFile(store);
  return { previous: existed ? aside : null };
}

/** Gives the old store a second name, so that one rename replaces it by the new store under its first name. */
function keepUnderName(store: string, aside: string): void {
  try {
    linkSync(store, aside);
  } catch {
    // The file system has no hard links.
    makeFile(aside);
    copyFileSync(store, aside);
  }
}
