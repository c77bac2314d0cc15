import { expect, test } from '@jest/globals';
import { schemas } from '../../src/storage/mongo/schemas.ts';
import { readPage } from '../support/docs-commands.ts';

test('the operations page shards only collections that the store has', () => {
  const page = readPage('docs/operations.md');
  const named = [...page.matchAll(/shardCollection\('latchkey\.(\w+)'/g)].map(([, name]) => name);
  const collections = Object.values(schemas).map((schema) => schema.get('collection'));
  expect(named).toHaveLength(3);
  expect(named.filter((name) => !collections.includes(name))).toEqual([]);
});
