import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { describeUnfinishedCopy } from '../copy/port.ts';
import { readCopyProgress } from './copy/progress.ts';
import { migrations } from './migrations.ts';
import { StoreUnavailableError } from '../port/errors.ts';
import { asStoreError } from './errors.ts';

export interface StoreState {
  /** Steps of `migrations` done. 0: nothing is in it yet. */
  readonly version: number;
}

/**
 * Looks at a store without changing it, and throws a sentence where this program must not open it: damaged, written by
 * a newer version, sealed under another master key, or not copied to its end, unless that is what it is opened for.
 * null: there is none.
 */
export function inspectStore(file: string, fingerprint: string, isToBeCopied = false): StoreState | null {
  if (!existsSync(file)) {
    if (!existsSync(`${file}-wal`)) return null;
    throw new Error(`${file} is missing but its -wal file is there: put it back, or restore a backup.`);
  }
  if (statSync(file).size === 0) {
    throw new Error(`${file} is empty: restore a backup, or remove the file to begin anew.`);
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

/** Even a reader would make a log and its index beside a store that nobody has open. */
function readOnlyUrl(file: string): URL {
  const url = pathToFileURL(file);
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1');
  return url;
}

function readFingerprint(database: DatabaseSync): unknown {
  return database.prepare("SELECT value FROM meta WHERE name = 'master-key'").get()?.value;
}
