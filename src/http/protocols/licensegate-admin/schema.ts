import { parseInstant } from '../../../domain/values/calendar.ts';
import { maxLimit } from '../../../domain/limits.ts';
import { maxPoints, type ReplenishInterval } from '../../../domain/points.ts';
import { fieldLimits } from '../../../domain/values/field-limits.ts';
import { fail, type Result, succeed } from '../../../domain/values/result.ts';
import { type JsonObject, ownField } from '../../body.ts';
import { wholeNumber } from '../../request-fields.ts';

// The system's own validator is tsoa (https://github.com/lukeautry/tsoa): its coercions and its messages.

/** What is wrong with which part of a request, as the system names the part. */
export type SchemaErrors = Readonly<Record<string, { readonly message: string }>>;

type Read<T> = (value: unknown) => Result<T, string>;

/** A number, or a text of one, as programs of every language write it. */
export function integer(min: number, max: number): Read<number> {
  return (value) => {
    const number = wholeNumber(value);
    if (number === null) return fail('invalid integer number');
    if (number < min) return fail(`min ${min}`);
    return number > max ? fail(`max ${max}`) : succeed(number);
  };
}

export const boolean: Read<boolean> = (value) => {
  const isPlain = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
  const text = isPlain ? String(value).toLowerCase() : '';
  if (text === 'true' || text === '1') return succeed(true);
  return text === 'false' || text === '0' ? succeed(false) : fail('invalid boolean value');
};

function text(min: number, max: number): Read<string> {
  return (value) => {
    // NUL and lone surrogates are no text: stores would change it.
    if (typeof value !== 'string' || value.includes('\0') || !value.isWellFormed()) return fail('invalid string value');
    const length = Array.from(value.trim()).length;
    if (length < min) return fail(`minLength ${min}`);
    return length > max ? fail(`maxLength ${max}`) : succeed(value);
  };
}

export function oneOf<T>(values: ReadonlyMap<string, T>): Read<T> {
  return (value) => {
    const found = typeof value === 'string' ? values.get(value) : undefined;
    if (found !== undefined) return succeed(found);
    return fail(`should be one of the following; ['${[...values.keys()].join("','")}']`);
  };
}

/** In UTC where it names no offset; a date alone is its first instant here. */
const instant: Read<Date> = (value) => {
  const written = typeof value === 'string' ? value.trim() : '';
  const parsed = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(written) ? `${written}T00:00:00Z` : written);
  return parsed instanceof Date ? succeed(parsed) : fail('invalid ISO 8601 datetime format, i.e. YYYY-MM-DDTHH:mm:ss');
};

export const intervals: ReadonlyMap<string, ReplenishInterval> = new Map([
  ['TEN_SECONDS', 'ten-seconds'],
  ['MINUTE', 'minute'],
  ['HOUR', 'hour'],
  ['DAY', 'day'],
]);

function orNull<T>(read: Read<T>): Read<T | null> {
  return (value) => (value === null ? succeed(null) : read(value));
}

const points = orNull(integer(0, maxPoints));

const optional = {
  ipLimit: orNull(integer(0, maxLimit)),
  licenseScope: orNull(text(0, fieldLimits.scope)),
  expirationDate: orNull(instant),
  validationPoints: points,
  validationLimit: points,
  replenishAmount: points,
  replenishInterval: orNull(oneOf(intervals)),
};

/** A new license; `null` and left out are the same where a field is optional. */
const creation = {
  active: boolean,
  name: text(0, fieldLimits.name),
  notes: text(0, fieldLimits.note),
  licenseKey: orNull(text(1, 100)),
  ...optional,
};
const required: readonly string[] = ['active', 'name', 'notes'];

/** A change of a license: only the fields that are there are changed. */
const change = {
  active: boolean,
  name: orNull(text(0, fieldLimits.name)),
  notes: orNull(text(0, fieldLimits.note)),
  licenseKey: text(1, 100),
  ...optional,
};

type Fields<S> = { readonly [K in keyof S]?: S[K] extends Read<infer T> ? T : never };
export type ChangeFields = Fields<typeof change>;
export type CreationFields = Fields<typeof creation> &
  Required<Pick<Fields<typeof creation>, 'active' | 'name' | 'notes'>>;

/** Unknown fields are ignored. All validation errors are returned at once. */
function readFields<S extends Readonly<Record<string, Read<unknown>>>>(
  schema: S,
  object: JsonObject,
  needed: readonly string[],
): Result<Fields<S>, SchemaErrors> {
  const values: Record<string, unknown> = {};
  const errors: Record<string, { message: string }> = {};
  for (const [name, read] of Object.entries(schema)) {
    const value = ownField(object, name);
    const isMissing = value === undefined || (needed.includes(name) && value === null);
    if (isMissing && !needed.includes(name)) continue;
    const result = isMissing ? fail(`'${name}' is required`) : read(value);
    if (result.ok) values[name] = result.value;
    else errors[`requestBody.${name}`] = { message: result.error };
  }
  return Object.keys(errors).length === 0 ? succeed(values as Fields<S>) : fail(errors);
}

export function readCreation(object: JsonObject): Result<CreationFields, SchemaErrors> {
  return readFields(creation, object, required) as Result<CreationFields, SchemaErrors>;
}

export function readChange(object: JsonObject): Result<ChangeFields, SchemaErrors> {
  return readFields(change, object, []);
}
