import type { Path, Problems } from './problems.ts';

export type Json = Readonly<Record<string, unknown>>;

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly required?: boolean;
}

const required = ['BASE_TYPE_REQUIRED', 'This field is required'] as const;

/** A value as text for messages and ids: text unchanged, anything else as JSON, undefined as empty text. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A body field that must be an object. Where it is not, adds a problem and returns {}. */
export function objectField(problems: Problems, path: Path, value: unknown): Json {
  if (isObject(value)) return value;
  problems.add(path, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
  return {};
}

/** Checks a text field. Returns the text, or undefined where it is missing or not a text. */
export function textField(problems: Problems, path: Path, value: unknown, bounds: Bounds): string | undefined {
  if (value === undefined || value === null) {
    if (bounds.required) problems.add(path, ...required);
    return undefined;
  }
  if (typeof value !== 'string') {
    problems.add(path, 'STRING_TYPE_CONVERT', `Could not interpret "${JSON.stringify(value)}" as string.`);
    return undefined;
  }
  // Discord reports a required text that is empty as missing.
  if (bounds.required && value.length === 0) problems.add(path, ...required);
  else checkLength(problems, path, value.length, bounds);
  return value;
}

/** Checks a list field. Returns the list; empty where it is missing or not a list. */
export function listField(problems: Problems, path: Path, value: unknown, bounds: Bounds): readonly unknown[] {
  if (value === undefined || value === null) {
    if (bounds.required) problems.add(path, ...required);
    return [];
  }
  if (!Array.isArray(value)) {
    problems.add(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    return [];
  }
  checkLength(problems, path, value.length, bounds);
  return value;
}

function checkLength(problems: Problems, path: Path, length: number, { min, max }: Bounds): void {
  const isShort = min !== undefined && length < min;
  const isLong = max !== undefined && length > max;
  if (!isShort && !isLong) return;
  if (min !== undefined && max !== undefined) {
    problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
  } else if (isLong) {
    problems.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
  } else {
    problems.add(path, 'BASE_TYPE_MIN_LENGTH', `Must be ${min ?? 0} or more in length.`);
  }
}

/** Checks a field for whole numbers. Returns the number, or undefined where it is missing or not a whole number. */
export function integerField(problems: Problems, path: Path, value: unknown, bounds: Bounds): number | undefined {
  if (value === undefined || value === null) {
    if (bounds.required) problems.add(path, ...required);
    return undefined;
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${asText(value)}" is not int.`);
    return undefined;
  }
  if (bounds.max !== undefined && value > bounds.max) {
    problems.add(path, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${bounds.max}.`);
  }
  if (bounds.min !== undefined && value < bounds.min) {
    problems.add(path, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${bounds.min}.`);
  }
  return value;
}

/** Checks that a value is one of the choices. Returns it, or undefined where it is not. */
export function choiceField<T>(problems: Problems, path: Path, value: unknown, choices: readonly T[]): T | undefined {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    problems.add(path, 'BASE_TYPE_CHOICES', `Value must be one of {${choices.map(String).join(', ')}}.`);
  }
  return found;
}

/** Whether a value has the form of a Discord id. */
export function isSnowflake(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}$/.test(value);
}

/** Checks that a value has the form of a Discord id. Returns it, or undefined where it has not. */
export function snowflakeField(problems: Problems, path: Path, value: unknown): string | undefined {
  if (isSnowflake(value)) return value;
  problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${asText(value)}" is not snowflake.`);
  return undefined;
}

/** Checks that a text is a URL with one of the schemes. */
export function urlField(problems: Problems, path: Path, value: unknown, schemes: readonly string[]): void {
  if (value === undefined || value === null) return;
  const text = textField(problems, path, value, { max: 2_048 });
  if (text === undefined) return;
  const scheme = /^([a-z]+):\/\/\S+$/i.exec(text)?.[1];
  if (scheme === undefined) problems.add(path, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  else if (!schemes.includes(scheme.toLowerCase())) {
    const list = schemes.map((one) => `'${one}'`).join(', ');
    problems.add(
      path,
      'URL_TYPE_INVALID_SCHEME',
      `Scheme "${scheme}" is not supported. Scheme must be one of (${list}).`,
    );
  }
}
