import { chmodSync, closeSync, existsSync, openSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

// Whatever the umask of the process is, only the owner may read what SQLite makes: it holds who bought what, and from where.
const privateMode = 0o600;

/** The files that SQLite may have made for a database, which get its mode when they are made. */
const filesOf = (file: string) => ['', '-wal', '-shm', '-journal'].map((suffix) => file + suffix);

/** Lets only their owner read a database and the files beside it. Changes no file that is open in any other way. */
export function makePrivate(file: string): void {
  for (const own of filesOf(file)) if (existsSync(own)) chmodSync(own, privateMode);
}

/** Removes a database that nobody uses, with the files beside it. */
export function removeDatabase(file: string): void {
  for (const own of filesOf(file)) rmSync(own, { force: true });
}

/** Copies the database into a file that must not exist, which nobody but its owner can read at any time. */
export function vacuumInto(database: DatabaseSync, file: string): void {
  closeSync(openSync(file, 'wx', privateMode));
  chmodSync(file, privateMode);
  database.prepare('VACUUM INTO ?').run(file);
}
