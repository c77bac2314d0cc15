import { parseUuid } from '../../../domain/ids.ts';
import { normaliseKey } from '../../../domain/key-format.ts';
import { type JsonObject, ownField } from '../../body.ts';

// The messages are the vendor's schema's; each field's checks in its order.

export const keyForm = /^[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}$/;
export const keyFormMessage = 'License key must be in the format of XXXXX-XXXXX-XXXXX-XXXXX-XXXXX';
export const hwidMissingMessage = 'Hardware identifier must be a string';
const unknownField = 'Invalid payload';

/** What a value is, or what the client is told of it. */
type Read = { readonly value: string | null } | { readonly error: string };
type ReadText = (text: string) => Read;

interface Field {
  readonly name: string;
  /** As messages call it. */
  readonly title: string;
  readonly isRequired: boolean;
  readonly read: ReadText;
}

/** The fields in the order in which the first error decides. */
const fields: readonly Field[] = [
  {
    name: 'licenseKey',
    title: 'License key',
    isRequired: true,
    // Whether another form is one of the guild's is a rule.
    read: (text) => readAs(normaliseKey(text), keyFormMessage),
  },
  uuid('customerId', 'Customer UUID'),
  uuid('productId', 'Product UUID'),
  { name: 'challenge', title: 'Challenge', isRequired: false, read: unspaced('Challenge', 10, 1000) },
  { name: 'version', title: 'Version', isRequired: false, read: unspaced('Version', 3, 255) },
  {
    name: 'branch',
    title: 'Branch name',
    isRequired: false,
    // The vendor lets two characters pass the length and no form.
    read: sized('Branch name', 2, 255, (text) =>
      /^[a-zA-Z0-9\s\-_]{3,}$/.test(text)
        ? { value: text.trim() }
        : { error: 'Branch name must contain only letters, numbers, dashes, and underscores' },
    ),
  },
  {
    name: 'hardwareIdentifier',
    title: 'Hardware identifier',
    isRequired: false,
    read: unspaced('Hardware identifier', 10, 1000),
  },
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
  /** What could be read; null: absent or wrong. */
  readonly value: (name: string) => string | null;
  /** The first field's; null: none. */
  readonly error: string | null;
}

/** Reads the fields strictly: no others, and nothing but texts. */
export function readPayload(json: JsonObject, { needsHwid }: { readonly needsHwid: boolean }): Payload {
  const values = new Map<string, string | null>();
  let error: string | null = null;
  for (const field of fields) {
    const isRequired = field.isRequired || (needsHwid && field.name === 'hardwareIdentifier');
    const read = readField({ ...field, isRequired }, json);
    if ('value' in read) values.set(field.name, read.value);
    else error ??= read.error;
  }
  const isStrict = Object.keys(json).every((key) => key === oldHwid || fields.some(({ name }) => name === key));
  return { value: (name) => values.get(name) ?? null, error: error ?? (isStrict ? null : unknownField) };
}

const oldHwid = 'deviceIdentifier';

function readField({ name, title, isRequired, read }: Field, json: JsonObject): Read {
  const given = name === 'hardwareIdentifier' ? hwidOf(json) : ownField(json, name);
  if (given === undefined && !isRequired) return { value: null };
  // NUL and lone surrogates are no text: stores would change it, and UTF-8 has none to sign.
  const isText = typeof given === 'string' && given.isWellFormed() && !given.includes('\0');
  return isText ? read(given) : { error: `${title} must be a string` };
}

/** The new name's, or else the old one's; what is empty is absent. */
function hwidOf(json: JsonObject): unknown {
  const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';
  return ['hardwareIdentifier', oldHwid].map((name) => ownField(json, name)).find(isGiven);
}
