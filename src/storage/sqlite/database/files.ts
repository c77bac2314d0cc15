import { DatabaseSync } from 'node:sqlite';
import { syncFile } from '../../fsync.ts';
import { makeFile, makeFolder } from '../../../files/make-files.ts';
import { storeFile } from '../../store-files.ts';
import type { Vault } from '../../vault.ts';
import { type Checkpoints, startCheckpoints } from './checkpoints.ts';
import { openDatabase } from './database.ts';
import { inspectStore } from './inspect.ts';
import { migrate } from './migrate.ts';
import { vacuumInto } from './private-files.ts';
import { migrations } from './migrations.ts';
import { asStoreError } from '../errors.ts';
import { type ServerLock, takeServerLock } from './server-lock.ts';

/** The connections of an open store whose schema is up to date. In memory both are the same connection. */
export interface OpenFiles {
  /** For the changes of people, jobs and the command line: its commits survive a power cut. */
  readonly writeConnection: DatabaseSync;
  /** For checks. */
  readonly checks: DatabaseSync;
  /** null: in memory. */
  readonly file: string | null;
  /**
   * From now on a thread makes the checkpoints of a server's store, not the connections. The thread takes 20 MB of
   * memory, so it is started only once a server has load.
   */
  moveCheckpointsToThread(): void;
  close(): Promise<void>;
}

export interface FileOptions {
  readonly vault: Vault;
  readonly now: () => Date;
  /** Whether an answered check survives a power cut (`disk`) or only the end of the process (`process`). */
  readonly durability: 'process' | 'disk';
  readonly server: boolean;
  readonly onError: (error: unknown) => void;
  /** True: the store is opened to be copied into, and may hold an unfinished copy. */
  readonly isToBeCopied?: boolean;
}

/** SQLite waits for a lock on the main thread, where it blocks everything else that the process does. */
const busyTimeoutMs = 50;
/**
 * Holds the inner pages of the indexes that checks search, also with 1,000,000 licenses, for which SQLite's 2 MB are too
 * little: a check then takes 9 instead of 15 µs of system time (measured). 64 MB save 2 µs more, because the leaves of
 * the indexes are hundreds of megabytes. Memory-mapped pages would count as memory of the process without such a limit.
 */
const checkCacheMb = 16;

/** The file of an empty store. To copy it takes 0.1 ms, and to make the schema 5 ms. */
let emptyStore: Uint8Array | undefined;

/** A store in memory, which exists as long as its one connection. */
export function openMemory(vault: Vault): OpenFiles {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  if (emptyStore) {
    database.deserialize(emptyStore);
    database.prepare("UPDATE meta SET value = ? WHERE name = 'master-key'").run(vault.fingerprint);
  } else {
    migrate(database, vault, () => undefined);
    emptyStore = database.serialize();
  }
  return {
    writeConnection: database,
    checks: database,
    file: null,
    moveCheckpointsToThread: () => undefined,
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

/**
 * Opens, makes or migrates the store in `dir`. Throws one sentence where it must not be opened, and has then changed
 * nothing.
 */
export function openFiles(dir: string, options: FileOptions): OpenFiles {
  const file = storeFile(dir);
  const lock = lockAndMigrate(dir, file, options);
  const shared = { busyTimeoutMs, autoCheckpoint: true };
  const writeConnection = openDatabase(file, { ...shared, synchronous: 'FULL' });
  const checkSynchronous = options.durability === 'disk' ? 'FULL' : 'NORMAL';
  const checks = openDatabase(file, { ...shared, synchronous: checkSynchronous, cacheMb: checkCacheMb });

  let checkpoints: Checkpoints | null = null;

  return {
    writeConnection,
    checks,
    file,
    moveCheckpointsToThread: () => {
      if (!options.server || checkpoints) return;
      checkpoints = startCheckpointThread(file, checks, options.onError);
      for (const database of [writeConnection, checks]) database.exec('PRAGMA wal_autocheckpoint = 0');
    },
    close: async () => {
      await checkpoints?.stop();
      checks.close();
      writeConnection.close();
      lock?.release();
    },
  };
}

function startCheckpointThread(file: string, checks: DatabaseSync, onError: (error: unknown) => void): Checkpoints {
  return startCheckpoints(file, {
    onLogTooLong: () => {
      try {
        checks.exec('PRAGMA wal_checkpoint(RESTART)');
      } catch (error) {
        // The thread calls this again in 100 ms.
        onError(asStoreError(error));
      }
    },
    onFailure: (error) => {
      // Checkpoints on this thread delay checks, but without any the log would grow without end.
      checks.exec('PRAGMA wal_autocheckpoint = 1000');
      onError(error);
    },
  });
}

/**
 * Inspects the store and migrates it if it is outdated. Returns the server lock to a server, and null to other
 * processes.
 */
function lockAndMigrate(dir: string, file: string, options: FileOptions): ServerLock | null {
  const state = inspectStore(file, options.vault.fingerprint, options.isToBeCopied);
  const isOutdated = state?.version !== migrations.length;
  if (!options.server && !isOutdated) return null;

  makeFolder(dir);
  // With the lock no process migrates a store that a server of an older version uses, and no two processes make one.
  const lock = takeServerLock(dir);
  try {
    if (isOutdated) migrateFile(file, options);
  } catch (error) {
    lock.release();
    throw error;
  }
  if (options.server) return lock;
  lock.release();
  return null;
}

function migrateFile(file: string, { vault, now }: FileOptions): void {
  makeFile(file);
  const database = openDatabase(file, { synchronous: 'FULL', busyTimeoutMs: 5_000, autoCheckpoint: true });
  try {
    migrate(database, vault, (version) => {
      const copy = `${file}.before-migration-${version}-${now().toISOString().replaceAll(':', '-')}`;
      vacuumInto(database, copy);
      syncFile(copy);
    });
  } finally {
    database.close();
  }
}
