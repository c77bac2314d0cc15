import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';

/** A row as `node:sqlite` returns it, by column name. */
export type Row = Readonly<Record<string, SQLOutputValue>>;
/** The same row as a list of values, in the order of the selected columns. */
export type Values = readonly SQLOutputValue[];

/** How one field of a record is stored: in one column or several. */
export interface Field<T> {
  readonly columns: readonly string[];
  /** Appends one value for each column. */
  readonly write: (value: T, values: SQLInputValue[]) => void;
  /** Reads the field from a row's values, of which `values[first]` belongs to the field's first column. */
  readonly read: (values: Values, first: number) => T;
}

/** How every field of a record is stored. A record type that gets another field does not compile until it is here. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

/** The columns of a record type, made once from the description of its fields. */
export interface Columns<T> {
  readonly names: readonly string[];
  /** The record's values in the order of `names`. */
  readonly valuesOf: (record: T) => SQLInputValue[];
  /** The record in a row that was read by `SELECT` of `names`, as a list: faster than `fromRow`, for checks. */
  readonly fromValues: (values: Values) => T;
  /** The record in a row that has all of these columns and perhaps others. */
  readonly fromRow: (row: Row) => T;
}

export function describeColumns<T extends object>(fields: Fields<T>): Columns<T> {
  const names: string[] = [];
  const list = (Object.keys(fields) as (keyof T)[]).map((key) => {
    const first = names.length;
    names.push(...fields[key].columns);
    return { key, first, field: fields[key] };
  });

  function fromValues(values: Values): T {
    const record: Partial<T> = {};
    for (const { key, first, field } of list) record[key] = field.read(values, first);
    return record as T;
  }

  return {
    names,
    valuesOf: (record) => {
      const values: SQLInputValue[] = [];
      for (const { key, field } of list) field.write(record[key], values);
      return values;
    },
    fromValues,
    fromRow: (row) => fromValues(names.map((name) => row[name] as SQLOutputValue)),
  };
}

/** `INSERT` of one row; its parameters are the values of the columns in this order. */
export function insertSql(table: string, names: readonly string[]): string {
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
}

/** `UPDATE` of the row with an id; its parameters are the values of the columns in this order, and then the id. */
export function updateSql(table: string, names: readonly string[]): string {
  return `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ?`;
}
