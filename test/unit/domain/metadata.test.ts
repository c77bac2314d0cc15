import { expect, test } from '@jest/globals';
import { changeMetadata } from '../../../src/domain/values/metadata.ts';

const tier = { key: 'tier', value: 'gold', returned: false };
const seats = { key: 'seats', value: '10', returned: true };

test('a pair that is set again keeps its place, new ones follow, and others can be taken away', () => {
  const set = [
    { key: ' tier ', value: ' silver ', returned: true },
    { key: 'Ä  b', value: '', returned: false },
  ];
  expect(changeMetadata([tier, seats], { set, remove: ['seats'] })).toEqual({
    ok: true,
    value: [
      { key: 'tier', value: 'silver', returned: true },
      { key: 'Ä b', value: '', returned: false },
    ],
  });
});

test.each([
  [{ set: [{ key: ' ', value: 'x', returned: false }] }, { code: 'key-length' }],
  [{ set: [{ key: 'k'.repeat(101), value: 'x', returned: false }] }, { code: 'key-length' }],
  [{ set: [{ key: 'k', value: 'v'.repeat(1001), returned: false }] }, { code: 'value-too-long', key: 'k' }],
  [{ remove: ['Tier'] }, { code: 'no-such-key', key: 'Tier' }],
])('%j is rejected', (change, error) => {
  expect(changeMetadata([tier], change)).toEqual({ ok: false, error });
});

test('a key of 100 characters and a value of 1,000 are possible, and 20 pairs but not 21', () => {
  const pairs = Array.from({ length: 20 }, (_, index) => ({ key: `k${index}`, value: '', returned: false }));
  const longest = { key: '𝕜'.repeat(100), value: '𝕧'.repeat(1000), returned: false };
  expect(changeMetadata(pairs.slice(1), { set: [longest] })).toMatchObject({ ok: true });
  expect(changeMetadata(pairs, { set: [longest] })).toEqual({ ok: false, error: { code: 'too-many-entries' } });
});
