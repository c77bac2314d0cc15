import { types } from 'node:util';

const maxTextLength = 4000;
const maxDepth = 4;
const maxEntries = 100;

/** Control characters (with which ANSI sequences begin), line separators, direction marks, lone surrogates. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text that cannot break its line or control a terminal. JSON stays valid JSON. */
export function escapeUnprintable(text: string): string {
  return text.replace(unprintable, (character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index))
      .map((unit) => (unit === 10 ? '\\n' : `\\u${unit.toString(16).padStart(4, '0')}`))
      .join(''),
  );
}

/** Replaces every secret by `***`, then truncates. The order matters: half of a truncated secret would not be found. */
export function createRedact(secrets: readonly string[]): (text: string) => string {
  // The longest comes first: replacing a shorter secret with the same beginning would leave the end of the longer one.
  const ordered = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  return (text) => {
    const redacted = ordered.reduce((remaining, secret) => remaining.replaceAll(secret, '***'), text);
    const surplus = redacted.length - maxTextLength;
    return surplus > 0 ? `${redacted.slice(0, maxTextLength)}… (${surplus} more)` : redacted;
  };
}

/** A copy that JSON can hold: bounded in depth and size, without cycles, bytes or secrets. */
export function toPlain(value: unknown, redact: (text: string) => string, level = 0): unknown {
  const inner = (child: unknown) => toPlain(child, redact, level + 1);
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return redact(value.toString());
  if (typeof value === 'function' || typeof value === 'symbol') return `<${typeof value}>`;
  if (typeof value !== 'object' || value === null) return value;
  if (types.isDate(value)) return value.toJSON();
  // Bytes in this program are keys and request bodies: only their length may be logged.
  if (ArrayBuffer.isView(value)) return `<${value.byteLength} bytes>`;
  if (level >= maxDepth) return '<deeper>';
  if (isErrorLike(value)) return entriesToPlain(readErrorEntries(value), redact, inner);
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

/** Decided by shape, because errors of another realm and plain copies of errors are not instances of our Error. */
export function isErrorLike(value: object): value is ErrorLike {
  return 'message' in value && 'stack' in value && typeof value.stack === 'string';
}

/** Only the fields that every error has. Errors of libraries also carry whole requests, which hold keys and messages. */
function readErrorEntries(error: ErrorLike): [string, unknown][] {
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  // An AggregateError has its causes here.
  const errors = 'errors' in error ? error.errors : undefined;
  return Object.entries({ name, message, code, stack, cause, errors }).filter(([, value]) => value !== undefined);
}
