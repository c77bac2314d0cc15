import type { Inspection, NewestEntry } from '../port/inspection.ts';
import type { SqliteStore } from './connection.ts';

const tables = { attempt: 'attempts', audit: 'audit' } as const satisfies Record<NewestEntry['kind'], string>;

export function createNewestEntries(store: SqliteStore): Inspection['newestEntries'] {
  return () =>
    store.read(() =>
      (['attempt', 'audit'] as const).flatMap((kind) => {
        const row = store.statement(`SELECT id, at FROM ${tables[kind]} ORDER BY id DESC LIMIT 1`).get();
        return row ? [{ kind, id: row.id as number, at: new Date(row.at as number) }] : [];
      }),
    );
}
