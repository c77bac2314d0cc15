import { expect, test } from '@jest/globals';
import { decodeSegment, normalizeTarget, pathPattern, readPath } from '../../../src/http/routing.ts';

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

test('broken percent-encoding has no text', () => {
  expect(decodeSegment('a%20b')).toBe('a b');
  expect(decodeSegment('%zz')).toBeNull();
  expect(decodeSegment('%ff')).toBeNull();
});
