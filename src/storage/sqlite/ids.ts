import type { SqliteStore } from './connection.ts';

/**
 * Inside `write`: takes `count` consecutive new numbers and returns the first. No number is given twice, even after its
 * row was removed.
 */
export function takeNumbers(store: SqliteStore, name: 'license' | 'product' | 'customer', count: number): number {
  const row = store
    .statement(
      `INSERT INTO counters (name, value) VALUES (?1, ?2)
       ON CONFLICT DO UPDATE SET value = value + ?2 RETURNING value`,
    )
    .get(name, count) as { readonly value: number };
  return row.value - count + 1;
}
