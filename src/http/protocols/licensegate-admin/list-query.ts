import { fail, type Result, succeed } from '../../../domain/values/result.ts';
import { ownField } from '../../body.ts';
import { parseQuery } from '../../request-fields.ts';
import { boolean, integer, oneOf, type SchemaErrors } from './schema.ts';

export interface ListQuery {
  readonly take: number;
  readonly skip: number;
  /** null: all of them. */
  readonly active: boolean | null;
  readonly includeLogs: boolean;
}

const readers = {
  take: integer(0, 1_000),
  skip: integer(0, Number.MAX_SAFE_INTEGER),
  filterStatus: oneOf(
    new Map([
      ['active', true],
      ['disabled/expired', false],
    ]),
  ),
  includeLogs: boolean,
};

/** Parameters that are omitted or empty have their defaults; unknown ones are ignored. */
export function readListQuery(query: string): Result<ListQuery, SchemaErrors> {
  const fields = parseQuery(query);
  if (fields === null) return fail({ query: { message: 'invalid percent-encoding' } });
  const errors: Record<string, { message: string }> = {};
  function read<T>(name: keyof typeof readers, reader: (value: unknown) => Result<T, string>, otherwise: T): T {
    const value = ownField(fields ?? {}, name);
    if (value === undefined || value === '') return otherwise;
    const result = reader(value);
    if (result.ok) return result.value;
    errors[name] = { message: result.error };
    return otherwise;
  }
  const list: ListQuery = {
    take: read('take', readers.take, 10),
    skip: read('skip', readers.skip, 0),
    active: read<boolean | null>('filterStatus', readers.filterStatus, null),
    includeLogs: read('includeLogs', readers.includeLogs, false),
  };
  return Object.keys(errors).length === 0 ? succeed(list) : fail(errors);
}
