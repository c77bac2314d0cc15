import { isSignableChallenge } from '../../../domain/values/challenge.ts';
import { parseUuid } from '../../../domain/values/ids.ts';
import { normaliseKey } from '../../../domain/values/key-format.ts';
import { type JsonObject, ownField } from '../../body.ts';

// The messages and the order of the checks are those of the vendor's schema.

export const keyForm = /^[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}$/;
export const keyFormMessage = 'License key must be in the format of XXXXX-XXXXX-XXXXX-XXXXX-XXXXX';
export const hwidMissingMessage = 'Hardware identifier must be a string';
const unknownField = 'Invalid payload';

/** A field's value, or the message that the client gets. */
type Read = { readonly value: string | null } | { readonly error: string };
type ReadText = (text: string) => Read;

interface Field {
  readonly name: string;
  /** The field's name in messages. */
  readonly title: string;
  readonly isRequired: boolean;
  readonly read: ReadText;
}

const customerId = uuid('customerId', 'Customer UUID');
const productId = uuid('productId', 'Product UUID');
const version: Field = { name: 'version', title: 'Version', isRequired: false, read: unspaced('Version', 3, 255) };
const branch: Field = {
  name: 'branch',
  title: 'Branch name',
  isRequired: false,
  // The vendor's length check accepts two characters, but its pattern needs three.
  read: sized('Branch name', 2, 255, (text) =>
    /^[a-zA-Z0-9\s\-_]{3,}$/.test(text)
      ? { value: text.trim() }
      : { error: 'Branch name must contain only letters, numbers, dashes, and underscores' },
  ),
};
const hardwareIdentifier: Field = {
  name: 'hardwareIdentifier',
  title: 'Hardware identifier',
  isRequired: false,
  read: unspaced('Hardware identifier', 10, 1000),
};

/** The fields in the order in which the first error decides. */
const fields: readonly Field[] = [
  {
    name: 'licenseKey',
    title: 'License key',
    isRequired: true,
    // Whether the key has a form that the guild uses is a rule.
    read: (text) => readAs(normaliseKey(text), keyFormMessage),
  },
  customerId,
  productId,
  {
    name: 'challenge',
    title: 'Challenge',
    isRequired: false,
    read: (text) =>
      isSignableChallenge(text)
        ? unspaced('Challenge', 10, 1000)(text)
        : { error: 'Challenge must not begin with latchkey-' },
  },
  version,
  branch,
  hardwareIdentifier,
];

const fieldNames = new Set(fields.map(({ name }) => name));

/** The parameters of a download, in their order. */
const downloadFields: readonly Field[] = [
  {
    name: 'licenseKey',
    title: 'License key',
    isRequired: true,
    read: (text) => readAs(keyForm.test(text) ? text : null, keyFormMessage),
  },
  { ...productId, isRequired: true },
  { name: 'sessionKey', title: 'Session key', isRequired: true, read: unspaced('Session key', 10, 1000) },
  { ...hardwareIdentifier, isRequired: true },
  version,
  branch,
  customerId,
];

function uuid(name: string, title: string): Field {
  return { name, title, isRequired: false, read: (text) => readAs(parseUuid(text), `${title} must be a valid UUID`) };
}

function unspaced(title: string, min: number, max: number): ReadText {
  return sized(title, min, max, (text) =>
    /\s/.test(text) ? { error: `${title} must not contain spaces` } : { value: text },
  );
}

function sized(title: string, min: number, max: number, read: ReadText): ReadText {
  return (text) => {
    if (text.length < min) return { error: `${title} must be at least ${min} characters` };
    return text.length > max ? { error: `${title} must be less than ${max} characters` } : read(text);
  };
}

function readAs(value: string | null, error: string): Read {
  return value === null ? { error } : { value };
}

export interface Payload {
  /** The field's value; null: absent or wrong. */
  readonly value: (name: string) => string | null;
  /** The message for the first wrong field; null: none is wrong. */
  readonly error: string | null;
}

/** Reads the fields strictly: another field, or a value that is no text, is an error. */
export function readPayload(json: JsonObject, { needsHwid }: { readonly needsHwid: boolean }): Payload {
  const values = new Map<string, string | null>();
  let error: string | null = null;
  for (const field of fields) {
    const isRequired = field.isRequired || (needsHwid && field.name === 'hardwareIdentifier');
    const read = readField(field, isRequired, json);
    if ('value' in read) values.set(field.name, read.value);
    else error ??= read.error;
  }
  const isStrict = Object.keys(json).every((key) => key === oldHwid || fieldNames.has(key));
  return { value: (name) => values.get(name) ?? null, error: error ?? (isStrict ? null : unknownField) };
}

/** The message for the first wrong parameter of a download; null: none is wrong. Empty ones count as absent. */
export function downloadProblem(query: URLSearchParams): string | null {
  for (const { name, title, isRequired, read } of downloadFields) {
    const old = name === 'hardwareIdentifier' ? query.get(oldHwid) : null;
    const text = [old, query.get(name)].find(Boolean) ?? null;
    if (text === null && !isRequired) continue;
    const result = text === null ? { error: `${title} must be a string` } : read(text);
    if ('error' in result) return result.error;
  }
  return null;
}

const oldHwid = 'deviceIdentifier';

function readField({ name, title, read }: Field, isRequired: boolean, json: JsonObject): Read {
  const given = name === 'hardwareIdentifier' ? hwidOf(json) : ownField(json, name);
  if (given === undefined && !isRequired) return { value: null };
  // NUL and lone surrogates are rejected: stores would change such a text, and a lone surrogate has no UTF-8 to sign.
  const isText = typeof given === 'string' && given.isWellFormed() && !given.includes('\0');
  return isText ? read(given) : { error: `${title} must be a string` };
}

/** The value under the new name or else under the old one; an empty value counts as absent. */
function hwidOf(json: JsonObject): unknown {
  const value = ownField(json, 'hardwareIdentifier');
  if (isGiven(value)) return value;
  const old = ownField(json, oldHwid);
  return isGiven(old) ? old : undefined;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
