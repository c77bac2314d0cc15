import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ApiKey, Scope } from '../domain/api-key.ts';
import type { Protocol } from '../domain/attempt.ts';
import { originHeaders } from './any-origin.ts';
import { type Body, ownField, readBody } from './body.ts';
import type { CheckRouteContext } from './check-route.ts';
import { parseQuery } from './request-fields.ts';
import {
  asRejection,
  type HttpResponse,
  type RawPath,
  type Route,
  type TextResponse,
  withRetryAfter,
} from './route.ts';
import { createRouteClientReader, type RouteClient, type RouteClientOptions } from './route-client.ts';
import { unknownApiKey } from './unknown-values.ts';

/** A request of a program whose API key is right. Nothing else of it is decoded, parsed or trusted yet. */
export interface ManagementRequest extends RawPath {
  readonly apiKey: ApiKey;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface ManagementAction {
  readonly scope: Scope;
  handle(request: ManagementRequest): Promise<HttpResponse>;
}

/** A route by which a foreign system is managed: its actions by method, and its words for programs that may not act. */
export interface ApiKeyRoute {
  readonly path: string;
  readonly actions: Readonly<Record<string, ManagementAction>>;
  /** No API key, or one that is unknown, revoked or expired. */
  readonly unauthorized: TextResponse;
  /** An API key without the scope of the action. Where the answer is in our own words, it is a 403 that names the scope. */
  readonly missingScope: (scope: Scope) => TextResponse;
  /** Too many requests with one API key, too many wrong API keys, or a wrong one from a guarded address. */
  readonly tooMany: TextResponse;
  readonly wrongMethod: TextResponse;
  readonly failed: TextResponse;
  /** Programs in browsers may call the route from every page. */
  readonly allowsAnyOrigin?: true;
}

export interface ApiKeyRouteContext extends Pick<
  CheckRouteContext,
  keyof RouteClientOptions | 'rateLimit' | 'limits' | 'rejectedRequests' | 'bodyTimeoutMs'
> {
  /** null: no API key that is valid has that secret. */
  readonly identify: (secret: string) => Promise<ApiKey | null>;
}

/** An API key may send this many times the requests a minute that an address may. */
const apiKeyLimitFactor = 10;

/**
 * A management route as the server mounts it. Wrong API keys count against rate limit and guard as checks do. Valid ones
 * have a rate limit of their own and pass the guard, because one program manages everything of a shop from one address.
 */
export function createApiKeyRoute(protocol: Protocol, route: ApiKeyRoute, context: ApiKeyRouteContext): Route {
  const { rateLimit, guard, rejectedRequests } = context;
  const bucket = `${protocol} management`;
  const limit = context.limits[protocol];
  const readClient = createRouteClientReader(context);

  async function handle(incoming: IncomingMessage, path: RawPath): Promise<HttpResponse | null> {
    const { method = '', headers } = incoming;
    const action = route.actions[method];
    if (!action) return route.wrongMethod;
    const client = readClient(incoming);
    const secret = presentedSecret(headers.authorization, path.query);
    const apiKey = secret === null ? null : await context.identify(secret);
    if (!apiKey) return denyAccess(client, secret);
    const excess = rateLimit.take(`${bucket} API key`, String(apiKey.id), limit * apiKeyLimitFactor);
    if (excess) return reject('rate-limited', excess.waitMs, client.ip);
    if (!apiKey.scopes.includes(action.scope)) return asRejection(route.missingScope(action.scope));
    const body = await readBody(incoming, context.bodyTimeoutMs);
    return body.type === 'aborted' ? null : action.handle({ ...path, apiKey, headers, body });
  }

  function denyAccess({ ip, share, guardedForMs }: RouteClient, secret: string | null): HttpResponse {
    if (guardedForMs > 0) return reject('guarded', guardedForMs, ip);
    rejectedRequests.add('unknown-guild', protocol, ip);
    if (secret !== null) guard.countUnknown(ip, unknownApiKey(secret), share);
    const excess = rateLimit.take(bucket, ip, limit * share);
    return excess ? reject('rate-limited', excess.waitMs, ip) : asRejection(route.unauthorized);
  }

  function reject(kind: 'guarded' | 'rate-limited', waitMs: number, ip: string): TextResponse {
    rejectedRequests.add(kind, protocol, ip);
    return asRejection(withRetryAfter(route.tooMany, waitMs));
  }

  return {
    path: route.path,
    auth: 'api-key',
    methods: Object.keys(route.actions),
    ...originHeaders(route),
    handle,
    wrongMethod: route.wrongMethod,
    failed: route.failed,
  };
}

/**
 * The raw secret in `Authorization`, where it may stand behind `Bearer`, or else in `?api_key=`; null: none, or several
 * in the query.
 */
function presentedSecret(authorization: string | undefined, query: string): string | null {
  const header = authorization?.trim().replace(/^bearer(\s+|$)/i, '') ?? '';
  if (header !== '') return header;
  const inQuery = ownField(parseQuery(query) ?? {}, 'api_key');
  return typeof inQuery === 'string' && inQuery !== '' ? inQuery : null;
}
