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
  const queryAt = target.indexOf('?');
  const query = queryAt < 0 ? '' : target.slice(queryAt + 1);
  if (!path.includes(':')) return { params: {}, query };

  const segments = (queryAt < 0 ? target : target.slice(0, queryAt)).split('/');
  const named = path
    .split('/')
    .flatMap((name, index) => (name.startsWith(':') ? [[name.slice(1), index] as const] : []));
  return { params: Object.fromEntries(named.map(([name, index]) => [name, segments[index] ?? ''])), query };
}

/** The decoded segment; null: broken percent-encoding, or bytes that are not UTF-8. */
export function decodeSegment(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
