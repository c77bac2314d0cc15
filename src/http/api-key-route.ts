import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { ApiKey, Scope } from '../domain/api-key.ts';
import type { Protocol } from '../domain/attempt.ts';
import { type Body, ownField, readBody } from './body.ts';
import type { CheckRouteContext } from './check-route.ts';
import { parseQuery } from './request-fields.ts';
import type { HttpResponse, RawPath, Route } from './route.ts';

/** What a program asks whose API key is right. Nothing of it is decoded, parsed or trusted yet. */
export interface ManagementRequest extends RawPath {
  readonly apiKey: ApiKey;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

export interface ManagementAction {
  readonly scope: Scope;
  handle(request: ManagementRequest): Promise<HttpResponse>;
}

/** A route by which a foreign system is managed: its actions by method, and its words for those who may not act. */
export interface ApiKeyRoute {
  readonly path: string;
  readonly actions: Readonly<Record<string, ManagementAction>>;
  /** No API key, or one that is unknown, revoked, expired or of another scope. */
  readonly unauthorized: HttpResponse;
  /** Too many wrong API keys, or a guarded address. */
  readonly tooMany: HttpResponse;
  readonly wrongMethod: HttpResponse;
  readonly failed: HttpResponse;
}

export interface ApiKeyRouteContext extends Pick<
  CheckRouteContext,
  'readClient' | 'rateLimit' | 'limits' | 'guard' | 'refusals' | 'onForgottenProxy' | 'bodyMs'
> {
  /** null: nobody has that secret, or not with that scope. */
  readonly identify: (secret: string, scope: Scope) => Promise<ApiKey | null>;
}

/**
 * A management route as the server mounts it. Wrong API keys count against rate limit and guard as checks do; right ones
 * do not, because one program manages everything of a shop from one address.
 */
export function createApiKeyRoute(protocol: Protocol, route: ApiKeyRoute, context: ApiKeyRouteContext): Route {
  const { rateLimit, guard, refusals } = context;
  const bucket = `${protocol} management`;
  const limit = context.limits[protocol];

  function refuseEarly(kind: 'guarded' | 'rate-limited', waitMs: number, ip: string): HttpResponse {
    refusals.add(kind, protocol, ip);
    const { tooMany } = route;
    return { ...tooMany, headers: { ...tooMany.headers, 'Retry-After': String(Math.ceil(waitMs / 1000)) } };
  }

  async function handle(incoming: IncomingMessage, path: RawPath): Promise<HttpResponse | null> {
    const { method = '', headers, socket } = incoming;
    const { ip, isForgottenProxy } = context.readClient(socket.remoteAddress, headers);
    if (isForgottenProxy) context.onForgottenProxy(ip);
    const blockedMs = isForgottenProxy ? 0 : guard.blockedForMs(ip);
    if (blockedMs > 0) return refuseEarly('guarded', blockedMs, ip);
    const fullMs = isForgottenProxy ? 0 : rateLimit.peek(bucket, ip, limit);
    if (fullMs > 0) return refuseEarly('rate-limited', fullMs, ip);

    const action = route.actions[method];
    if (!action) return route.wrongMethod;
    const secret = presentedSecret(headers.authorization, path.query);
    const apiKey = secret === null ? null : await context.identify(secret, action.scope);
    if (!apiKey) {
      refusals.add('unknown-guild', protocol, ip);
      if (isForgottenProxy) return route.unauthorized;
      if (secret !== null) guard.countUnknown(ip, `api-key ${secret}`);
      const waitMs = rateLimit.take(bucket, ip, limit);
      return waitMs > 0 ? refuseEarly('rate-limited', waitMs, ip) : route.unauthorized;
    }
    const body = await readBody(incoming, context.bodyMs);
    return body.type === 'aborted' ? null : action.handle({ ...path, apiKey, headers, body });
  }

  return {
    path: route.path,
    auth: 'api-key',
    methods: Object.keys(route.actions),
    headers: {},
    handle,
    wrongMethod: route.wrongMethod,
    failed: route.failed,
  };
}

/** The raw secret in `Authorization`, behind `Bearer` there, or `?api_key=`; several there name nobody. */
function presentedSecret(authorization: string | undefined, query: string): string | null {
  const header = authorization?.trim().replace(/^bearer(\s+|$)/i, '') ?? '';
  if (header !== '') return header;
  const inQuery = ownField(parseQuery(query) ?? {}, 'api_key');
  return typeof inQuery === 'string' && inQuery !== '' ? inQuery : null;
}
