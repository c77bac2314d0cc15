import { expect, test } from '@jest/globals';
import { gramsOf, hasPart, lookupOf } from '../../src/storage/text-grams.ts';
import { foldSearched } from '../../src/domain/values/text.ts';

const none = { name: null, note: null, order: null };

test('a gram begins at each character of each text, and none goes from one text into the next', () => {
  expect(gramsOf({ name: 'Abcd', note: null, order: 'CD' })).toEqual(['abc', 'bcd', 'cd', 'd']);
  expect(gramsOf({ ...none, note: '💜xy' })).toEqual(['💜xy', 'xy', 'y']);
  expect(gramsOf(none)).toEqual([]);
});

test('what is looked up of a part is among the grams of every text with that part', () => {
  const long = 'The quick brown fox jumps over the lazy dog, and then it rests for quite a while';
  for (let start = 0; start < long.length; start += 1) {
    for (const length of [1, 2, 3, 4, 5, 9, 40, long.length]) {
      const part = foldSearched(long.slice(start, start + length));
      const grams = gramsOf({ ...none, name: long });
      const lookup = lookupOf(part);
      const isFound =
        lookup.type === 'prefix'
          ? grams.some((gram) => gram.startsWith(lookup.prefix))
          : lookup.grams.every((gram) => grams.includes(gram));
      expect([part, isFound, hasPart({ ...none, name: long }, part)]).toEqual([part, true, true]);
    }
  }
});

test('a long part is looked up by a dozen grams from its beginning to its end', () => {
  const lookup = lookupOf('abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz');
  expect(lookup).toMatchObject({ type: 'grams' });
  const grams = lookup.type === 'grams' ? lookup.grams : [];
  expect(grams.length).toBeLessThanOrEqual(12);
  expect([grams[0], grams.at(-1)]).toEqual(['abc', expect.stringMatching(/[v-z]/)]);
});
