import type { Json } from '../validate/check-fields.ts';
import type { World } from '../world/world.ts';

export interface UploadedFile {
  readonly index: number;
  readonly name: string;
  readonly contentType: string;
  readonly data: Buffer;
}

/** One request, parsed for the handler of its route. */
export interface RestRequest {
  readonly world: World;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly UploadedFile[];
  readonly gatewayUrl: string;
}

export interface RestResponse {
  readonly status: number;
  readonly body?: unknown;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A path with `:name` for each id. `:message` may also be `@original`. */
  readonly path: string;
  /** `none` for interactions and their webhooks, whose token is in the path. */
  readonly auth: 'bot' | 'none';
  readonly handle: (request: RestRequest) => RestResponse;
}

/** The body as an object; empty where it is something else. */
export function bodyOf(request: RestRequest): Json {
  return typeof request.body === 'object' && request.body !== null && !Array.isArray(request.body)
    ? (request.body as Json)
    : {};
}

export const ok = (body: unknown): RestResponse => ({ status: 200, body });
export const created = (body: unknown): RestResponse => ({ status: 201, body });
export const noContent: RestResponse = { status: 204 };
