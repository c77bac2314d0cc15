import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describeUnfinishedCopy } from '../../copy/port.ts';
import { readCopyProgress } from '../copy/progress.ts';
import { migrations } from './migrations.ts';
import { StoreUnavailableError } from '../../port/errors.ts';
import { asStoreError } from '../errors.ts';

export interface StoreState {
  /** How many of the `migrations` were done. 0: the database is empty. */
  readonly version: number;
}

/**
 * Reads the version of a store without changing any file. Throws one sentence where this program must not open it: it
 * is damaged, was written by a newer version, was made with another master key, or holds an unfinished copy (allowed
 * with `isToBeCopied`). null: there is no store.
 */
export function inspectStore(file: string, fingerprint: string, isToBeCopied = false): StoreState | null {
  if (!existsSync(file)) {
    if (!existsSync(`${file}-wal`)) return null;
    throw new Error(`${file} is missing but its -wal file is there: put it back, or restore a backup.`);
  }
  if (statSync(file).size === 0) {
    throw new Error(`${file} is empty: restore a backup, or remove the file to start over.`);
  }
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(readOnlyUrl(file), { readOnly: true, timeout: 2_000 });
    const version = database.prepare('PRAGMA user_version').get()?.user_version as number;
    if (version > migrations.length) {
      throw new Error(`${file} was written by a newer version of Latchkey: install that one.`);
    }
    if (version > 0 && readFingerprint(database) !== fingerprint) {
      throw new Error(`${file} was made with another master key: put back the right one.`);
    }
    const copy = version > 0 && !isToBeCopied ? readCopyProgress(database) : null;
    if (copy) throw new Error(describeUnfinishedCopy(file, copy.source));
    return { version };
  } catch (error) {
    const failure = asStoreError(error);
    throw failure instanceof StoreUnavailableError ? new Error(`${file}: ${failure.message}`, { cause: error }) : error;
  } finally {
    database?.close();
  }
}

/**
 * A reader of a WAL database creates the files of the log if they do not exist, which would change a store that this
 * program must leave alone. Without a log no process has the store open, and it can be read as immutable.
 */
function readOnlyUrl(file: string): URL {
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  return url;
}

function readFingerprint(database: DatabaseSync): unknown {
  return database.prepare("SELECT value FROM meta WHERE name = 'master-key'").get()?.value;
}
