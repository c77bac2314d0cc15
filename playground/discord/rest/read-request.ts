import type { IncomingMessage } from 'node:http';
import { refuse } from './errors.ts';
import type { UploadedFile } from './route.ts';

const mebibyte = 1_048_576;
export const maxFileBytes = 10 * mebibyte;
export const maxRequestBytes = 25 * mebibyte;

export interface RequestBody {
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
}

/** Reads JSON, or multipart with `payload_json` and `files[n]`. */
export function parseBody(contentType: string | undefined, bytes: Buffer): Promise<RequestBody> | RequestBody {
  if (bytes.length > maxRequestBytes) throw refuse('entityTooLarge');
  if (bytes.length === 0) return { body: undefined, files: [] };
  if (contentType?.startsWith('multipart/form-data')) return parseMultipart(contentType, bytes);
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
    throw refuse('invalidJson');
  }
}

async function parseMultipart(contentType: string, bytes: Buffer): Promise<RequestBody> {
  let body: unknown;
  const files: UploadedFile[] = [];
  for (const part of await multipartParts(contentType, bytes)) {
    if (typeof part.value === 'string') {
      if (part.name === 'payload_json') body = parseJson(part.value);
      continue;
    }
    const index = /^files\[(\d+)\]$/.exec(part.name)?.[1];
    if (part.value.size > maxFileBytes) throw refuse('entityTooLarge');
    files.push({
      index: Number(index ?? files.length),
      name: part.value.name,
      contentType: part.value.type,
      data: Buffer.from(await part.value.arrayBuffer()),
    });
  }
  return { body, files };
}

interface Part {
  readonly name: string;
  readonly value: string | File;
}

async function multipartParts(contentType: string, bytes: Buffer): Promise<Part[]> {
  try {
    const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
    const parts: Part[] = [];
    form.forEach((value, name) => parts.push({ name, value: value }));
    return parts;
  } catch {
    throw refuse('invalidJson');
  }
}
