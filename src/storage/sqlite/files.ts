import { mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { syncFile } from '../fsync.ts';
import { storeFile } from '../store-files.ts';
import { type Checkpoints, startCheckpoints } from './checkpoints.ts';
import { openDatabase } from './database.ts';
import { inspectStore } from './inspect.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { asStoreError } from './errors.ts';
import { type ServerLock, takeServerLock } from './server-lock.ts';

/** An open store, up to date. */
export interface OpenFiles {
  readonly writeConnection: DatabaseSync;
  readonly checks: DatabaseSync;
  /** null: in memory. */
  readonly file: string | null;
  /** Checks come in numbers: from now on a thread of its own keeps the log short, which takes 20 MB of memory. */
  onLoad(): void;
  close(): Promise<void>;
}

export interface FileOptions {
  readonly fingerprint: string;
  readonly now: () => Date;
  /** Whether a confirmed check survives a power cut too, or only the end of the process. */
  readonly durability: 'process' | 'disk';
  readonly server: boolean;
  readonly onError: (error: unknown) => void;
  /** It may hold a copy that was not finished. */
  readonly isToBeCopied?: boolean;
}

/** A call that waits for a lock holds up everything else of the process. */
const busyTimeoutMs = 50;

/** A store that lives as long as its one connection. */
export function openMemory(fingerprint: string): OpenFiles {
  const database = new DatabaseSync(':memory:', { enableForeignKeyConstraints: false });
  migrate(database, fingerprint, () => undefined);
  return {
    writeConnection: database,
    checks: database,
    file: null,
    onLoad: () => undefined,
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

/** Opens, makes or migrates the store in `dir`; throws a sentence where it must not be touched, and then has not. */
export function openFiles(dir: string, options: FileOptions): OpenFiles {
  const file = storeFile(dir);
  const lock = prepare(dir, file, options);
  const open = (synchronous: 'NORMAL' | 'FULL') =>
    openDatabase(file, { synchronous, busyTimeoutMs, autoCheckpoint: true });
  const writeConnection = open('FULL');
  const checks = open(options.durability === 'disk' ? 'FULL' : 'NORMAL');

  let checkpoints: Checkpoints | null = null;

  return {
    writeConnection,
    checks,
    file,
    onLoad: () => {
      if (!options.server || checkpoints) return;
      checkpoints = keepLogShort(file, checks, options.onError);
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

function keepLogShort(file: string, checks: DatabaseSync, onError: (error: unknown) => void): Checkpoints {
  return startCheckpoints(file, {
    onTooMany: () => {
      try {
        checks.exec('PRAGMA wal_checkpoint(RESTART)');
      } catch (error) {
        // The thread asks again.
        onError(asStoreError(error));
      }
    },
    onFailure: (error) => {
      // Slower than beside the checks, but the log must not grow for ever.
      checks.exec('PRAGMA wal_autocheckpoint = 1000');
      onError(error);
    },
  });
}

/** The server's lock, where a server asks. */
function prepare(dir: string, file: string, options: FileOptions): ServerLock | null {
  const state = inspectStore(file, options.fingerprint, options.isToBeCopied);
  const isOutdated = state?.version !== migrations.length;
  if (!options.server && !isOutdated) return null;

  mkdirSync(dir, { recursive: true, mode: 0o700 });
  // Nobody migrates under a running server of an older version, and no two processes make one store.
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

function migrateFile(file: string, { fingerprint, now }: FileOptions): void {
  const database = openDatabase(file, { synchronous: 'FULL', busyTimeoutMs: 5_000, autoCheckpoint: true });
  try {
    migrate(database, fingerprint, (version) => {
      const copy = `${file}.before-migration-${version}-${now().toISOString().replaceAll(':', '-')}`;
      database.prepare('VACUUM INTO ?').run(copy);
      syncFile(copy);
    });
  } finally {
    database.close();
  }
}
