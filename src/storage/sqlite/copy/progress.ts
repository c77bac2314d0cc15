import type { DatabaseSync } from 'node:sqlite';
import type { CopyProgress } from '../../copy/port.ts';

/** The name of the row of `meta` that a store has until another one was copied into it completely. */
const name = 'copy';

/** null: the store holds no unfinished copy. */
export function readCopyProgress(database: DatabaseSync): CopyProgress | null {
  const row = database.prepare('SELECT value FROM meta WHERE name = ?').get(name);
  return row ? (JSON.parse(row.value as string) as CopyProgress) : null;
}

export function writeCopyProgress(database: DatabaseSync, progress: CopyProgress): void {
  database
    .prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
    .run(name, JSON.stringify(progress));
}

export function removeCopyProgress(database: DatabaseSync): void {
  database.prepare('DELETE FROM meta WHERE name = ?').run(name);
}
