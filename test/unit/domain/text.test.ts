import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutText, foldText, isPrintable, nearestName } from '../../../src/domain/values/text.ts';

const anyText = fc.string({ unit: 'binary' });

describe('cutText', () => {
  test('keeps short text', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('abc');
  });

  test('never cuts a character in two', () => {
    expect(cutText('ab😀', 3)).toBe('ab');
    expect(cutText('ab😀', 4)).toBe('ab😀');
  });

  test('is well formed and short whatever comes in', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));
    fc.assert(
      fc.property(units, fc.nat(30), (text, max) => {
        const cut = cutText(text, max);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('foldText', () => {
  test('letter case, outer blanks and Unicode spelling make no difference', () => {
    expect(foldText(' HWID-É ')).toBe(foldText('hwid-e\u0301'));
  });

  test('inner blanks do', () => {
    expect(foldText('a b')).not.toBe(foldText('ab'));
  });

  test('folding again changes nothing', () => {
    fc.assert(fc.property(anyText, (text) => foldText(foldText(text)) === foldText(text)));
  });
});

describe('isPrintable', () => {
  test.each(['a b', 'Ümläut', '钥匙', '😀', "'`|"])('%j is', (text) => {
    expect(isPrintable(text)).toBe(true);
  });

  test.each(['a\0', 'a\nb', '\u202eabc', 'a\u200bb', '\ud800', 'a\u2028b', '\x1b[31m'])('%j is not', (text) => {
    expect(isPrintable(text)).toBe(false);
  });
});

describe('nearestName', () => {
  const names = ['limits.ip', 'limits.hwid', 'key.length'];

  test.each([
    ['limit.ip', 'limits.ip'],
    ['LIMITS.HWDI', 'limits.hwid'],
    ['key.lenght', 'key.length'],
  ])('%s probably means %s', (typed, name) => {
    expect(nearestName(typed, names)).toBe(name);
  });

  test('something else altogether has none', () => {
    expect(nearestName('colour of the sky', names)).toBeNull();
    expect(nearestName('x'.repeat(100_000), names)).toBeNull();
    expect(nearestName('a', [])).toBeNull();
  });
});
