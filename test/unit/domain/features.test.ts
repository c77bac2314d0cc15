import { describe, expect, test } from '@jest/globals';
import { allowsScope, changeFeatures, effectiveFeatures } from '../../../src/domain/values/features.ts';

const having = (...features: readonly string[]) => ({ features });

describe('a change of features', () => {
  test('adds each once and takes away those that are there', () => {
    const changed = changeFeatures(['pro', 'beta'], { add: [' seats-10 ', 'pro'], remove: ['beta'] });
    expect(changed).toEqual({ ok: true, value: ['pro', 'seats-10'] });
  });

  test.each(['', ' ', 'pro version', 'a,b', '-x', 'é', 'x'.repeat(51)])('rejects %j', (text) => {
    expect(changeFeatures([], { add: [text] })).toEqual({ ok: false, error: { code: 'not-a-feature', text } });
  });

  test('rejects to take away what is not there, and more than 50', () => {
    expect(changeFeatures(['pro'], { remove: ['Pro'] })).toMatchObject({ error: { code: 'no-such-feature' } });
    const many = Array.from({ length: 50 }, (_, index) => `f${index}`);
    expect(changeFeatures(many, { add: ['f0'] })).toEqual({ ok: true, value: many });
    expect(changeFeatures(many, { add: ['one-more'] })).toMatchObject({ error: { code: 'too-many-features' } });
  });
});

test('a license has the features of its main product and its own, each once', () => {
  expect(effectiveFeatures(having('b', 'c'), having('a', 'b'))).toEqual(['a', 'b', 'c']);
  expect(effectiveFeatures(having(), having('a'))).toEqual(['a']);
});

test.each([
  // scope, features of the license and of the product, what is asked, allowed
  [null, [], [], 'anything', true],
  [null, [], [], null, true],
  ['pro', [], [], 'pro', true],
  ['pro', [], [], 'free', false],
  ['pro', [], [], null, false],
  ['pro', ['maps'], [], 'maps', true],
  ['pro', ['maps'], [], 'pro', true],
  ['pro', ['maps'], [], null, false],
  [null, ['maps'], [], 'maps', true],
  [null, [], ['maps'], 'maps', true],
  [null, ['maps'], [], 'Maps', false],
  [null, ['maps'], [], null, true],
  ['', ['maps'], [], '', true],
] as const)(
  'scope %j with features %j and %j of its product, asked for %j: %j',
  (scope, own, ofProduct, asked, allowed) => {
    expect(allowsScope({ scope, features: own }, having(...ofProduct), asked)).toBe(allowed);
  },
);
