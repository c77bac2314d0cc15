import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findIdAt, searchIdAt } from '../../src/storage/listed-position.ts';

const descending = (ids: readonly number[]) => [...ids].sort((a, b) => b - a);

test('the id at a position is that of the list with its exceptions, wherever those are', async () => {
  const ids = fc.uniqueArray(fc.nat(60), { maxLength: 30 });
  // Of an index that has two entries of one license, such as one that gets another key, one may be omitted.
  const lists = fc.record({ listed: ids, hidden: ids, added: ids });
  await fc.assert(
    fc.asyncProperty(lists, async ({ listed, hidden, added: others }) => {
      const added = others.filter((id) => !listed.includes(id));
      const index = descending([...listed, ...hidden]);
      const list = descending([...listed, ...added]);
      const readIds = (skip: number, limit: number) => Promise.resolve(index.slice(skip, skip + limit));
      const found = Array.from({ length: list.length + 2 }, (_, at) =>
        findIdAt(at + 1, { omitted: hidden, added }, readIds),
      );
      expect(await Promise.all(found)).toEqual([...list, null, null]);
    }),
  );
});

test('without exceptions one entry is read', async () => {
  const reads: unknown[] = [];
  const readIds = (...read: readonly number[]) => {
    reads.push(read);
    return Promise.resolve([77]);
  };
  expect(await findIdAt(900_000, { omitted: [], added: [] }, readIds)).toBe(77);
  expect(reads).toEqual([[899_999, 1]]);
});

test('a list without an index is read in pages, each after the last id of the one before', async () => {
  const ids = Array.from({ length: 25_000 }, (_, at) => 25_000 - at);
  const limits: number[] = [];
  const at = (position: number) =>
    searchIdAt(position, ({ limit, beforeId }) => {
      limits.push(limit);
      return Promise.resolve(ids.filter((id) => id < (beforeId ?? Infinity)).slice(0, limit));
    });
  expect([await at(1), await at(10_000), await at(24_999)]).toEqual([25_000, 15_001, 2]);
  expect(await at(25_001)).toBeNull();
  expect(Math.max(...limits)).toBe(10_000);
});
