import type { IncomingMessage } from 'node:http';
import { discordError } from './errors.ts';
import { parseMultipart, type Part } from './multipart.ts';
import type { UploadedFile } from './route.ts';

const mebibyte = 1_048_576;
export const maxFileBytes = 10 * mebibyte;
const maxRequestBytes = 25 * mebibyte;

export interface RequestBody {
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

/** Parses JSON, or multipart with `payload_json` and `files[n]`. Throws 40005 for too many bytes, 50109 for bad JSON. */
export function parseBody(contentType: string | undefined, bytes: Buffer): RequestBody {
  if (bytes.length > maxRequestBytes) throw discordError('entityTooLarge');
  if (bytes.length === 0) return { body: undefined, files: [] };
  if (contentType?.startsWith('multipart/form-data')) {
    const parts = parseMultipart(contentType, bytes);
    if (!parts) throw discordError('invalidJson');
    return fromParts(parts);
  }
  return { body: parseJson(bytes.toString()), files: [] };
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw discordError('invalidJson');
  }
}

/** In a multipart body the JSON is the part `payload_json`; the files are the parts `files[n]`. */
function fromParts(parts: readonly Part[]): RequestBody {
  const payload = parts.find(({ name }) => name === 'payload_json');
  const files = parts.filter(({ fileName }) => fileName !== undefined);
  if (files.some(({ data }) => data.length > maxFileBytes)) throw discordError('entityTooLarge');
  return {
    body: payload && parseJson(payload.data.toString()),
    files: files.map(({ name, fileName = '', contentType, data }, position) => ({
      index: Number(/^files\[(\d+)\]$/.exec(name)?.[1] ?? position),
      name: fileName,
      contentType,
      data,
    })),
  };
}
