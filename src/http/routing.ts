import type { RawPath } from './route.ts';

/** The request's target as a path with its query: without scheme and host, leading slashes collapsed to one. */
export function normalizeTarget(target: string): string {
  if (target.startsWith('/')) return target.startsWith('//') ? target.replace(/^\/+/, '/') : target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  return absolute ? normalizeTarget(`/${absolute[1] ?? ''}`) : target;
}

/** A pattern without groups: Express would decode what a group captures, but adapters need a key as it was sent. */
export function pathPattern(path: string): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith(':') ? '[^/]+' : literal(segment)));
  return new RegExp(`^${segments.join('/')}/*$`, 'i');
}

function literal(segment: string): string {
  return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The segment for each `:name` of a route's path, and the query, both still percent-encoded. */
export function readPath(path: string, target: string): RawPath {
  const { pathname, query } = splitTarget(target);
  return { params: path.includes(':') ? paramsOf(path.split('/'), pathname.split('/')) : noParams, query };
}

const noParams: RawPath['params'] = {};

function splitTarget(target: string): { readonly pathname: string; readonly query: string } {
  const queryAt = target.indexOf('?');
  return queryAt < 0
    ? { pathname: target, query: '' }
    : { pathname: target.slice(0, queryAt), query: target.slice(queryAt + 1) };
}

function paramsOf(names: readonly string[], segments: readonly string[]): RawPath['params'] {
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) if (name.startsWith(':')) params[name.slice(1)] = segments[index] ?? '';
  return params;
}

export interface FoundRoute<R> {
  readonly route: R;
  readonly path: RawPath;
}

/**
 * Finds the first route whose path a target fits, as `pathPattern` does, in one look-up for a path without parameters.
 * Express tries one pattern after the other instead, which costs a tenth of a check.
 */
export function createRouteTable<R extends { readonly path: string }>(routes: readonly R[]) {
  const fixed = new Map<string, R>();
  const parameterised: { readonly route: R; readonly names: readonly string[] }[] = [];
  for (const route of routes) {
    const path = route.path.toLowerCase();
    if (path.includes(':')) parameterised.push({ route, names: route.path.split('/') });
    else if (!fixed.has(path)) fixed.set(path, route);
  }
  const fits = (name: string, segment: string | undefined) =>
    name.startsWith(':') ? segment !== '' : name.toLowerCase() === segment?.toLowerCase();

  return (target: string): FoundRoute<R> | null => {
    const { pathname, query } = splitTarget(target);
    const exact = fixed.get(pathname);
    if (exact) return { route: exact, path: { params: noParams, query } };
    const path = withoutTrailingSlashes(pathname);
    const other = fixed.get(path.toLowerCase());
    if (other) return { route: other, path: { params: noParams, query } };
    const segments = path.split('/');
    for (const { route, names } of parameterised) {
      if (names.length === segments.length && names.every((name, index) => fits(name, segments[index])))
        return { route, path: { params: paramsOf(names, segments), query } };
    }
    return null;
  };
}

/** In one pass: the expression `/\/+$/` takes quadratic time on a long path of slashes that ends in something else. */
function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/** The decoded segment; null: broken percent-encoding, or bytes that are not UTF-8. */
export function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
