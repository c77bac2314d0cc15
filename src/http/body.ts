import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** The largest body that is read, packed or unpacked. */
const maxBodyBytes = 64 * 1024;

/** A larger one is heard out up to here, so that its sender gets to read the answer. */
const maxIgnoredBytes = 1024 * 1024;

export type Body =
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  /** Too large, too slow, or not what `Content-Encoding` says. */
  | { readonly type: 'unreadable' }
  /** The client went away; there is nobody to answer. */
  | { readonly type: 'aborted' };

const unreadable: Body = { type: 'unreadable' };

/** Reads the body, whatever its content type, within the time. Never rejects. */
export function readBody(request: IncomingMessage, timeoutMs: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxIgnoredBytes) return Promise.resolve(unreadable);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;

    const finish = (body: Body): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(body);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxIgnoredBytes) finish(unreadable);
      else if (size <= maxBodyBytes) chunks.push(chunk);
      else chunks.length = 0;
    };
    const onEnd = (): void => {
      const { 'content-encoding': encoding, 'content-type': type } = request.headers;
      finish(size > maxBodyBytes ? unreadable : asUtf8(unpack(joined(chunks), encoding), type));
    };
    const onClose = (): void => {
      finish({ type: 'aborted' });
    };
    const timer = setTimeout(finish, timeoutMs, unreadable);
    // A client that goes away is an error too; `close` follows it.
    request.on('error', () => undefined);
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

function unpack(bytes: Buffer, encoding: string | undefined): Body {
  const unpackSync = unpackers.get(encoding?.trim().toLowerCase() ?? '');
  // Clients also write "utf-8" there: what is not a packing is left as it is.
  if (!unpackSync || bytes.length === 0) return { type: 'bytes', bytes };
  try {
    return { type: 'bytes', bytes: unpackSync(bytes, { maxOutputLength: maxBodyBytes }) };
  } catch {
    return unreadable;
  }
}

const unpackers = new Map<string, typeof gunzipSync>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** Old clients write Latin-1 and say so; many say so and write UTF-8. */
function asUtf8(body: Body, contentType: string | undefined): Body {
  const saysLatin1 = /charset="?(?:iso-8859-1|latin-?1|windows-1252|us-ascii)\b/i.test(contentType ?? '');
  if (!saysLatin1 || body.type !== 'bytes' || isUtf8(body.bytes)) return body;
  return { type: 'bytes', bytes: Buffer.from(body.bytes.toString('latin1')) };
}

// Refuses what is not UTF-8, and drops a byte order mark.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** null: not UTF-8. */
export function bodyText(body: Body): string | null {
  if (body.type !== 'bytes') return null;
  try {
    return utf8.decode(body.bytes);
  } catch {
    return null;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** null: not UTF-8, not JSON, or something other than an object. */
export function parseJsonObject(body: Body): JsonObject | null {
  const text = bodyText(body);
  if (text === null) return null;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

/** null for primitives, null and arrays. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** A field of its own: `constructor` and whatever else objects inherit is no field. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
