import { join } from 'node:path';

/**
 * The database of the SQLite store. Never open it through `fs` while a process may use it: when a process closes any
 * descriptor of a file, it loses all POSIX locks that it has on the file, SQLite's included
 * (https://www.sqlite.org/howtocorrupt.html, 2.2).
 */
export const storeFile = (dir: string) => join(dir, 'latchkey.db');

/** A SQLite file whose only purpose is its lock, which the store's one server holds. */
export const serverLockFile = (dir: string) => join(dir, 'server.lock');

export const masterKeyFile = (dir: string) => join(dir, 'master.key');

/** The nightly backups. */
export const backupFolder = (dir: string) => join(dir, 'backups');
