import type { SQLInputValue } from 'node:sqlite';
import type { CopyKind, CopyRecords } from '../../copy/port.ts';
import { insertSql, type Row } from '../columns.ts';
import type { Prepare } from '../database.ts';

/** How records of one kind lie in the store. */
export interface TableAdapter<R> {
  /** What is read: a table, or a query in parentheses. */
  readonly from: string;
  /** Tells its rows apart, and orders them. */
  readonly key: readonly string[];
  readonly recordOf: (row: Row) => R;
  /** Inside a transaction. `ordinal`: 1 for the first record of its kind. */
  readonly insert: (record: R, ordinal: number) => void;
}

export type TableAdapters<K extends CopyKind = CopyKind> = { readonly [kind in K]: TableAdapter<CopyRecords[kind]> };

export type Insert = (table: string, columns: Readonly<Record<string, SQLInputValue>>) => void;

export function createInsert(statement: Prepare): Insert {
  return (table, columns) => {
    statement(insertSql(table, Object.keys(columns))).run(...Object.values(columns));
  };
}
