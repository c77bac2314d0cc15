import { request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

/** A request as goldens write it; of the bodies at most one. */
export interface WireRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it stands. */
  readonly bodyText?: string;
  readonly bodyBase64?: string;
  /** Sent as gzip, with the header that says so. */
  readonly bodyGzip?: unknown;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function bytesOf({ body, bodyText, bodyBase64, bodyGzip }: WireRequest): Buffer {
  if (bodyText !== undefined) return Buffer.from(bodyText);
  if (bodyBase64 !== undefined) return Buffer.from(bodyBase64, 'base64');
  if (bodyGzip !== undefined) return gzipSync(JSON.stringify(bodyGzip));
  return body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body));
}

/** Sends it over a connection of its own. */
export function send(port: number, wire: WireRequest): Promise<WireResponse> {
  const bytes = bytesOf(wire);
  const isChunked = Object.keys(wire.headers ?? {}).some((name) => /^transfer-encoding$/i.test(name));
  const headers = {
    ...(bytes.length > 0 && !isChunked && { 'content-length': String(bytes.length) }),
    ...(wire.bodyGzip !== undefined && { 'content-encoding': 'gzip' }),
    ...wire.headers,
  };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method: wire.method ?? 'POST', path: wire.path, headers, agent: false };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(bytes);
  });
}

/** Writes these bytes and answers with everything that came until the server closed the connection. */
export function sendRaw(port: number, ...parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset is an end too.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString());
    });
    for (const part of parts) socket.write(part);
  });
}
