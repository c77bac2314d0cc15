import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** The largest body that is read, compressed or decompressed. */
const maxBodyBytes = 64 * 1024;

/** A larger body is read and dropped up to this size, because many clients read no answer before they have sent it all. */
const maxIgnoredBytes = 1024 * 1024;

export type Body =
  | { readonly type: 'bytes'; readonly bytes: Buffer }
  /** Too large, too slow, or not what `Content-Encoding` says. */
  | { readonly type: 'unreadable' }
  /** The client went away, so that no answer can be sent. */
  | { readonly type: 'aborted' };

const unreadable: Body = { type: 'unreadable' };

/** Reads the body, of any content type, within `timeoutMs`. Never rejects. */
export function readBody(request: IncomingMessage, timeoutMs: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > maxIgnoredBytes) return Promise.resolve(unreadable);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;

    // The listeners stay: once the promise is settled, they change nothing, and removing them takes longer.
    const finish = (body: Body): void => {
      clearTimeout(timer);
      resolve(body);
    };
    const timer = setTimeout(finish, timeoutMs, unreadable);
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxIgnoredBytes) finish(unreadable);
      else if (size <= maxBodyBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.on('end', () => {
      const { 'content-encoding': encoding, 'content-type': type } = request.headers;
      finish(size > maxBodyBytes ? unreadable : asUtf8(decompress(joined(chunks), encoding), type));
    });
    request.on('close', () => {
      finish({ type: 'aborted' });
    });
    // A client that goes away also causes an error event, which must have a listener; the close event follows it.
    request.on('error', () => undefined);
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

function decompress(bytes: Buffer, encoding: string | undefined): Body {
  const decompressSync = decompressors.get(encoding?.trim().toLowerCase() ?? '');
  // Some clients write a charset such as "utf-8" here. A value that names no compression is ignored.
  if (!decompressSync || bytes.length === 0) return { type: 'bytes', bytes };
  try {
    return { type: 'bytes', bytes: decompressSync(bytes, { maxOutputLength: maxBodyBytes }) };
  } catch {
    return unreadable;
  }
}

const decompressors = new Map<string, typeof gunzipSync>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
]);

/** Old clients declare Latin-1 and send it; many others declare it and send UTF-8. */
function asUtf8(body: Body, contentType: string | undefined): Body {
  const declaresLatin1 = /charset="?(?:iso-8859-1|latin-?1|windows-1252|us-ascii)\b/i.test(contentType ?? '');
  if (!declaresLatin1 || body.type !== 'bytes' || isUtf8(body.bytes)) return body;
  return { type: 'bytes', bytes: Buffer.from(body.bytes.toString('latin1')) };
}

// Throws where the bytes are not UTF-8, and drops a byte order mark.
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body as text; null: it could not be read, or is not UTF-8. */
export function bodyText(body: Body): string | null {
  if (body.type !== 'bytes') return null;
  try {
    return utf8.decode(body.bytes);
  } catch {
    return null;
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** The body as a JSON object; null: it could not be read, or is not UTF-8, not JSON or another kind of value. */
export function parseJsonObject(body: Body): JsonObject | null {
  const text = bodyText(body);
  if (text === null) return null;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

/** The value where it is an object, else null; arrays are no objects here. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value of an object's own field. Names that every object inherits, such as `constructor`, are no fields. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
