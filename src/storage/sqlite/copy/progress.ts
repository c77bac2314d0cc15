import type { DatabaseSync } from 'node:sqlite';
import type { CopyProgress } from '../../copy/port.ts';

/** The row of `meta` that a store has until all of another one is copied into it. */
const name = 'copy';

/** null: the store is whole. */
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
