import { types } from 'node:util';

const maxTextLength = 4000;
const deepestLevel = 4;
const maxEntries = 100;

/** Control characters (ANSI sequences begin with one), line separators, direction marks, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text that stays on its line and does nothing to a terminal. Stays valid JSON where it was JSON. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => (unit === 10 ? '\\n' : `\\u${unit.toString(16).padStart(4, '0')}`))
      .join(''),
  );
}

/** Replaces every secret with `***`, and cuts only then: a secret cut in two would go unseen. */
export function createRedact(secrets: readonly string[]): (text: string) => string {
  // Of two secrets that begin alike the longer one goes first.
  const hidden = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return (text) => {
    const redacted = hidden.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
    const surplus = redacted.length - maxTextLength;
    return surplus > 0 ? `${redacted.slice(0, maxTextLength)}… (${surplus} more)` : redacted;
  };
}

/** A copy that JSON can hold: bounded, without cycles, bytes or secrets. */
export function toPlain(value: unknown, redact: (text: string) => string, level = 0): unknown {
  const inner = (child: unknown) => toPlain(child, redact, level + 1);
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return redact(value.toString());
  if (typeof value === 'function' || typeof value === 'symbol') return `<${typeof value}>`;
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return value.toJSON();
  // Bytes are keys and bodies here; their length is all that a log needs.
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (level >= deepestLevel) return '<deeper>';
  if (isErrorLike(value)) return entriesToPlain(errorEntries(value), redact, inner);
  if (Array.isArray(value)) return value.slice(0, maxEntries).map(inner);
  return entriesToPlain(Object.entries(value), redact, inner);
}

function entriesToPlain(
  entries: readonly (readonly [string, unknown])[],
  redact: (text: string) => string,
  inner: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(entries.slice(0, maxEntries).map(([name, value]) => [redact(name), inner(value)]));
}

export interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: unknown;
}

/** By its shape: an error of another realm is no instance of ours, and a plain copy of one no instance at all. */
export function isErrorLike(value: object): value is ErrorLike {
  return 'message' in value && 'stack' in value && typeof value.stack === 'string';
}

/** Only what every error has: those of libraries carry whole requests, and with them keys and messages. */
function errorEntries(error: ErrorLike): [string, unknown][] {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  // Of an AggregateError.
  const errors = 'errors' in error ? error.errors : undefined;
  return Object.entries({ name, message, code, stack, cause, errors }).filter(([, value]) => value !== undefined);
}
