import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The request was rejected before anything was done for it. A flood of such requests costs a client its connection. */
  readonly isRejection?: boolean;
}

/** A response whose body's bytes are exactly this text in UTF-8. */
export interface TextResponse extends ResponseHead {
  readonly body: string;
}

/** A body that is produced while the client reads it; texts are sent in UTF-8. */
export type BodyChunks = AsyncIterable<string | Uint8Array>;

/** A response whose body is too large to be held in memory. It has no `Content-Length`. */
interface StreamedResponse extends ResponseHead {
  readonly body: BodyChunks;
}

/** What goes back to the client. */
export type HttpResponse = TextResponse | StreamedResponse;

/**
 * What a client must know to call a route. A `public` route needs nothing. For every other route the named value says
 * which guild the request is for; without a valid one no data of any guild is returned.
 */
export const authClasses = ['public', 'api-key', 'license-key', 'product-id', 'team-id', 'user-id'] as const;
export type AuthClass = (typeof authClasses)[number];

/** The path of a request as the client wrote it: still percent-encoded, its letter case unchanged. */
export interface RawPath {
  readonly params: Readonly<Record<string, string>>;
  /** Without the question mark; empty without a query. */
  readonly query: string;
}

/** A route is data; `server.ts` mounts it. */
export interface Route {
  /** `/license/:userId/:key/verify`; letter case and a trailing slash of requests do not matter. */
  readonly path: string;
  readonly auth: AuthClass;
  readonly methods: readonly string[];
  /** Sent with every answer of this route, OPTIONS included. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent with the answer to OPTIONS as well. */
  readonly preflightHeaders?: (request: IncomingHttpHeaders) => Readonly<Record<string, string>>;
  /**
   * `arrivedAt`: the instant of `performance.now()` at which the request's head was read. null: the client went away
   * before its request was complete.
   */
  handle(request: IncomingMessage, path: RawPath, arrivedAt: number): Promise<HttpResponse | null>;
  /** For any other method; `Allow` is added. */
  readonly wrongMethod: TextResponse;
  /** For a request whose handler threw. */
  readonly failed: TextResponse;
}

const jsonHeaders: Readonly<Record<string, string>> = { 'Content-Type': 'application/json; charset=utf-8' };

/** Compact JSON in the order in which the object names its fields. */
export function jsonResponse(status: number, body: object): TextResponse {
  return { status, headers: jsonHeaders, body: JSON.stringify(body) };
}

/** Adds `Retry-After` in seconds to a 429. Systems that answer with another status have no such header. */
export function withRetryAfter(response: TextResponse, waitMs: number): TextResponse {
  if (response.status !== 429) return response;
  return { ...response, headers: { ...response.headers, 'Retry-After': String(Math.ceil(waitMs / 1000)) } };
}

export function asRejection(response: TextResponse): TextResponse {
  return { ...response, isRejection: true };
}
