import { cutText } from '../domain/values/text.ts';
import { asObject, type Body, bodyText, type JsonObject } from './body.ts';
import { decodeSegment } from './routing.ts';

const noFields: JsonObject = {};

/**
 * A query string, or a form as browsers send it: each name with its value, or a list where it is repeated or written
 * `name[]` or `name[0]`. null: broken percent-encoding.
 */
export function parseQuery(text: string): JsonObject | null {
  const pairs: [name: string, value: string][] = [];
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const name = decodeForm(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? '' : decodeForm(pair.slice(at + 1));
    if (name === null || value === null) return null;
    pairs.push([name, value]);
  }
  return collect(pairs);
}

function decodeForm(text: string): string | null {
  return decodeSegment(text.replaceAll('+', ' '));
}

function collect(pairs: readonly (readonly [written: string, value: string])[]): JsonObject {
  const values = new Map<string, string[]>();
  const lists = new Set<string>();
  for (const [written, value] of pairs) {
    const name = written.trim().replace(/\[\d*\]$/, '');
    const before = values.get(name);
    if (before) before.push(value);
    else values.set(name, [value]);
    if (before || name !== written.trim()) lists.add(name);
  }
  // Unlike an assignment, this makes `__proto__` a field like any other.
  return Object.fromEntries([...values].map(([name, all]) => [name, lists.has(name) ? all : all[0]]));
}

/**
 * The fields of a body that is JSON or a form, by what it looks like: many clients that send JSON declare a form, or no
 * type at all. An empty body has no fields. null: it is neither, or not UTF-8.
 */
export function parseFields(body: Body, contentType: string | undefined): JsonObject | null {
  const text = bodyText(body)?.trim();
  if (text === undefined) return null;
  if (text === '') return noFields;
  if (/^[{["]/.test(text)) return parseJson(text);
  const boundary = /^\s*multipart\/form-data\s*;.*\bboundary=(?:"([^"]{1,200})"|([^\s;]{1,200}))/i.exec(
    contentType ?? '',
  );
  if (boundary) return parseMultipart(text, boundary[1] ?? boundary[2] ?? '');
  const isForm = /^\s*application\/x-www-form-urlencoded/i.test(contentType ?? '') || /^[^\s=]+=/.test(text);
  return isForm ? parseQuery(text) : parseJson(text);
}

/** PHP writes an object without fields as an empty list, and C# writes a missing object as null. */
function parseJson(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return value === null || (Array.isArray(value) && value.length === 0) ? noFields : asObject(value);
  } catch {
    return null;
  }
}

/** The text fields of multipart/form-data (RFC 7578), which PHP's cURL sends for an array of fields. */
function parseMultipart(text: string, boundary: string): JsonObject | null {
  const [, ...parts] = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (parts.pop()?.trimEnd() !== '--') return null;
  const pairs: [name: string, value: string][] = [];
  for (const part of parts) {
    const end = part.indexOf('\r\n\r\n');
    const headers = part.slice(0, Math.min(Math.max(end, 0), 1_024));
    const name = /^content-disposition:.*\bname=(?:"([^"\r\n]*)"|([^\s;]+))/im.exec(headers);
    if (!name) return null;
    pairs.push([name[1] ?? name[2] ?? '', part.slice(end + 4)]);
  }
  return collect(pairs);
}

/** The last value of a field that is given several times. */
export function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

const maxTextLength = 1_024;

/**
 * The trimmed text, at most 1,024 characters; null: it is blank, longer or no text. NUL and lone surrogates are not
 * accepted, because stores would change or cut such a text.
 */
export function boundedText(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const isText = text.length <= maxTextLength && text.isWellFormed() && !text.includes('\0');
  return text !== '' && isText ? text : null;
}

/** A value that a client reports for people to read: a text, number or boolean, cut to 1,024 characters; null: another. */
export function looseText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  return boundedText(cutText(String(value).replaceAll('\0', '\ufffd').trim(), maxTextLength));
}

/** A whole number as programs write it, also as a text or as `7.0`; null: it is none. */
export function wholeNumber(value: unknown): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !/^\s*[+-]?\d{1,15}(?:\.0{0,15})?\s*$/.test(text)) return null;
  // The addition turns -0 into 0.
  return Number(text) + 0;
}
