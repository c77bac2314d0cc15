import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { syncFile } from '../fsync.ts';
import { storeFile } from '../store-files.ts';
import { createVault } from '../vault.ts';
import { inspectStore } from './inspect.ts';
import { takeServerLock } from './server-lock.ts';

export interface Restored {
  /** Where the store that was there before is now; null: there was none. */
  readonly previous: string | null;
}

/**
 * Replaces the store in `dir` by a backup. Throws one sentence, and changes nothing, where a server runs on it or the
 * backup is damaged, written by a newer version or made with another master key.
 */
export function restoreBackup(dir: string, backup: string, masterKey: Buffer, now: Date): Restored {
  const lock = takeServerLock(dir);
  try {
    const state = inspectStore(backup, createVault(masterKey).fingerprint);
    if (!state) throw new Error(`${backup} does not exist.`);
    if (state.version === 0) throw new Error(`${backup} is no backup of Latchkey.`);
    const draft = `${storeFile(dir)}.restoring`;
    rmSync(draft, { force: true });
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
    database.prepare('VACUUM INTO ?').run(draft);
  } finally {
    database.close();
  }
  syncFile(draft);
}

function replace(store: string, draft: string, aside: string): Restored {
  const existed = existsSync(store);
  if (existed) keepUnderName(store, aside);
  // The old log must be gone before the new store has its name: SQLite would read it into that.
  for (const suffix of ['-wal', '-shm']) {
    if (existsSync(store + suffix)) renameSync(store + suffix, aside + suffix);
  }
  renameSync(draft, store);
  syncFile(store);
  return { previous: existed ? aside : null };
}

/** A second name for the old store, so that its own is taken by the new one in a single step. */
function keepUnderName(store: string, aside: string): void {
  try {
    linkSync(store, aside);
  } catch {
    // a file system without hard links
    copyFileSync(store, aside);
  }
}
