import type { SQLInputValue } from 'node:sqlite';
import type { CopyKind, CopyRecords } from '../../copy/port.ts';
import type { Prepare } from '../database.ts';

export type Row = Readonly<Record<string, unknown>>;

/** How records of one kind lie in the store. */
export interface TableAdapter<R> {
  /** What is read: a table, or a query in parentheses. */
  readonly from: string;
  /** Tells its rows apart, and orders them. */
  readonly key: readonly string[];
  readonly recordOf: (row: Row) => R;
  /** Inside a transaction. `place`: 1 for the first of its kind. */
  readonly insert: (record: R, place: number) => void;
}

export type TableAdapters<K extends CopyKind = CopyKind> = { readonly [kind in K]: TableAdapter<CopyRecords[kind]> };

export type Insert = (table: string, columns: Readonly<Record<string, SQLInputValue>>) => void;

export function createInsert(statement: Prepare): Insert {
  return (table, columns) => {
    const names = Object.keys(columns);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    statement(sql).run(...Object.values(columns));
  };
}

export function msOf(at: Date | null): number | null {
  return at?.getTime() ?? null;
}
