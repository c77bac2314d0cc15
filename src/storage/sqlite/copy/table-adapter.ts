import type { SQLInputValue } from 'node:sqlite';
import type { CopyKind, CopyRecords } from '../../copy/port.ts';
import { insertSql, type Row } from '../columns.ts';
import type { Prepare } from '../database/database.ts';

/** How records of one kind are read from the store and written into it. */
export interface TableAdapter<R> {
  /** The table that is read, or a query in parentheses. */
  readonly from: string;
  /** The columns that identify and order its rows. */
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
