import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { makeFile } from '../../../files/make-files.ts';

/** Removes a database that is not in use, with the files that SQLite may have made beside it. */
export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

/** Copies the database into a file that must not exist, and that only its owner can read at any time. */
export function vacuumInto(database: DatabaseSync, file: string): void {
  makeFile(file);
  database.prepare('VACUUM INTO ?').run(file);
}
