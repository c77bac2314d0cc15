import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Field } from './columns.ts';

/** A field in one column; `write` and `read` translate its value. */
export function column<T>(
  name: string,
  write: (value: T) => SQLInputValue,
  read: (stored: SQLOutputValue) => T,
): Field<T> {
  return {
    columns: [name],
    write: (value, values) => void values.push(write(value)),
    read: (values, first) => read(values[first] as SQLOutputValue),
  };
}

/** A text, number or null that is stored as it is. */
export function plain<T extends string | number | null>(name: string): Field<T> {
  return column<T>(
    name,
    (value) => value,
    (stored) => stored as T,
  );
}

export function bytes(name: string): Field<Uint8Array> {
  return column<Uint8Array>(
    name,
    (value) => value,
    (stored) => stored as Uint8Array,
  );
}

/** 1 for true, 0 for false. */
export function flag(name: string): Field<boolean> {
  return column<boolean>(name, Number, (stored) => stored === 1);
}

/** Milliseconds since 1970. */
export function instant(name: string): Field<Date> {
  return column<Date>(
    name,
    (at) => at.getTime(),
    (stored) => new Date(stored as number),
  );
}

/** Milliseconds since 1970, or NULL. */
export function optionalInstant(name: string): Field<Date | null> {
  return column<Date | null>(name, msOf, (stored) => dateOf(stored as number | null));
}

export function json<T>(name: string): Field<T> {
  return column<T>(
    name,
    (value) => JSON.stringify(value),
    (stored) => JSON.parse(stored as string) as T,
  );
}

/** JSON, or NULL. */
export function optionalJson<T>(name: string): Field<T | null> {
  return column<T | null>(
    name,
    (value) => (value === null ? null : JSON.stringify(value)),
    (stored) => (stored === null ? null : (JSON.parse(stored as string) as T)),
  );
}

/** A list as JSON. Most lists are empty, and those are neither formatted nor parsed. */
export function jsonList<T>(name: string): Field<readonly T[]> {
  return column<readonly T[]>(
    name,
    (list) => (list.length === 0 ? '[]' : JSON.stringify(list)),
    (stored) => (stored === '[]' ? [] : (JSON.parse(stored as string) as readonly T[])),
  );
}

/** A list as JSON. The empty list, which most are, is NULL. */
export function optionalList<T>(name: string): Field<readonly T[]> {
  return column<readonly T[]>(
    name,
    (list) => (list.length === 0 ? null : JSON.stringify(list)),
    (stored) => (stored === null ? [] : (JSON.parse(stored as string) as readonly T[])),
  );
}

export function msOf(at: Date | null): number | null {
  return at === null ? null : at.getTime();
}

export function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
