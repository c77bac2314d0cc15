import type { IncomingHttpHeaders } from 'node:http';
import type { Route } from './route.ts';

/**
 * What LicenseGate's server, with the package cors, sends with every answer: programs in browsers may call it from every
 * page. No cookie is ever read, so a page can do no more than its own API key allows.
 */
const anyOrigin = { 'Access-Control-Allow-Origin': '*' };

/**
 * What it adds when a browser asks before a request. The headers are named one by one, because `*` would not stand for
 * `Authorization` (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
 */
function preflightHeaders(request: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const asked = request['access-control-request-headers'];
  return {
    'Access-Control-Allow-Methods': 'GET,HEAD,PUT,PATCH,POST,DELETE',
    Vary: 'Access-Control-Request-Headers',
    ...(asked === undefined ? {} : { 'Access-Control-Allow-Headers': asked }),
  };
}

/** The headers of a route that programs in browsers may call from every page, or of one that they may not. */
export function originHeaders({
  allowsAnyOrigin = false,
}: {
  readonly allowsAnyOrigin?: boolean;
}): Pick<Route, 'headers' | 'preflightHeaders'> {
  return allowsAnyOrigin ? { headers: anyOrigin, preflightHeaders } : { headers: {} };
}
