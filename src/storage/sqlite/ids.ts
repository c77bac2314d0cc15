import type { SqliteStore } from './connection.ts';

/** Inside `write`: the first of `count` new numbers. A number is never given twice, also after its row was removed. */
export function takeNumbers(store: SqliteStore, name: 'license' | 'product', count: number): number {
  const row = store
    .statement(
      `INSERT INTO counters (name, value) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET value = value + ?2 RETURNING value`,
    )
    .get(name, count) as { readonly value: number };
  return row.value - count + 1;
}
