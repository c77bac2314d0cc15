import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createProtocols } from '../../../src/http/protocols/protocols.ts';
import { noContext } from '../../support/protocol-context.ts';
import { createRouteTable, decodeSegment, normalizeTarget, pathPattern, readPath } from '../../../src/http/routing.ts';

test.each([
  ['/api/x', '/api/x'],
  ['//api//x', '/api//x'],
  ['////', '/'],
  ['http://host:80//api/x?q=1', '/api/x?q=1'],
  ['http://host', '/'],
  ['*', '*'],
])('the target %s means %s', (target, expected) => {
  expect(normalizeTarget(target)).toBe(expected);
});

test('a path fits in any letter case and with a trailing slash, and nothing else fits', () => {
  const pattern = pathPattern('/license/:userId/:key/verify');
  expect(pattern.test('/license/AB/k%2Fk/verify')).toBe(true);
  expect(pattern.test('/LICENSE/ab/key/Verify/')).toBe(true);
  expect(pattern.test('/license/ab/k/k/verify')).toBe(false);
  expect(pattern.test('/license/ab//verify')).toBe(false);
  expect(pattern.test('/x/license/ab/key/verify')).toBe(false);
  expect(pathPattern('/a.b').test('/axb')).toBe(false);
});

test('what stands in a path comes as it was sent', () => {
  expect(readPath('/license/:userId/:key/verify', '/license/AB/k%2Fk%00%zz/verify/?scope=%20&a=b?c')).toEqual({
    params: { userId: 'AB', key: 'k%2Fk%00%zz' },
    query: 'scope=%20&a=b?c',
  });
  expect(readPath('/api/license/auth', '/api/license/auth')).toEqual({ params: {}, query: '' });
});

test('the table of check routes finds what a search by pattern finds', () => {
  const routes = createProtocols(noContext).flatMap(({ routes: own }) => own);
  const find = createRouteTable(routes);
  const words = routes.flatMap(({ path }) => path.split('/')).filter((word) => word !== '');
  const segment = fc.oneof(
    fc.constantFrom('', 'Multiple', '%zz', '%2F', 'K EY', 'é', 'constructor', ...words),
    fc.webSegment(),
  );
  const shaped = fc
    .tuple(fc.constantFrom(...routes), fc.array(segment, { minLength: 3, maxLength: 3 }), fc.boolean())
    .map(([{ path }, values, isUpper]) => {
      const filled = path.replace(/:\w+/g, () => values.pop() ?? '');
      return isUpper ? filled.toUpperCase() : filled;
    });
  const anyPath = fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join('/')}`);
  const path = fc.tuple(fc.oneof(shaped, anyPath), fc.constantFrom('', '/', '//')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(path, fc.constantFrom('', '?', '?a=/api/license/auth', '?x?y'), (pathname, query) => {
      const target = pathname + query;
      const fitting = routes.filter((route) => pathPattern(route.path).test(pathname));
      // A path without parameters goes before those with some, wherever they stand in the list.
      const expected = fitting.find((route) => !route.path.includes(':')) ?? fitting[0];
      expect(find(target)).toEqual(expected ? { route: expected, path: readPath(expected.path, target) } : null);
    }),
    { seed: 1, numRuns: 2_000 },
  );
});

test('broken percent-encoding has no text', () => {
  expect(decodeSegment('a%20b')).toBe('a b');
  expect(decodeSegment('%zz')).toBeNull();
  expect(decodeSegment('%ff')).toBeNull();
});
