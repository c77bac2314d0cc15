import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canonicalName,
  canonicalText,
  cutText,
  foldName,
  foldText,
  isPrintable,
  nearestName,
} from '../../../src/domain/values/text.ts';

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

describe('canonicalText', () => {
  test('has no format characters, no outer blanks and one spelling, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const canonical = canonicalText(text);
        expect(canonical).not.toMatch(/\p{Cf}|^\s|\s$/u);
        expect(canonical).toBe(canonical.normalize('NFC'));
        expect(canonicalText(canonical)).toBe(canonical);
      }),
    );
  });

  test('leaves plain text as it is', () => {
    expect(canonicalText(' TKI - ~ABC!  x ')).toBe('TKI - ~ABC!  x');
  });
});

describe('canonicalName', () => {
  test.each(['My Plugin', ' My  Plugin\t', 'My\u00a0Plugin', 'My \u2003\u3000Plugin', 'M\u200by Plu\u00adgin'])(
    'of %j is My Plugin',
    (name) => {
      expect(canonicalName(name)).toBe('My Plugin');
    },
  );
});

describe('foldName', () => {
  test('what cannot be seen, letter case and the kind and number of blanks make no difference', () => {
    expect(foldName('\u2060CAF\u00c9\u00a0 one')).toBe(foldName('cafe\u0301 One'));
    expect(foldName('a b')).not.toBe(foldName('ab'));
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
