import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  foldKey,
  generateKey,
  hasKeyFormat,
  keyBits,
  type KeyFormat,
  keyFormatProblem,
  keyFormatOf,
  keyFormatWarning,
  keyReadings,
  keySuffix,
  maskKey,
  normaliseKey,
} from '../../../src/domain/values/key-format.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';

const standard = keyFormatOf(defaultSettings);
const format = (change: Partial<KeyFormat>): KeyFormat => ({ ...standard, ...change });
const anyFormat = fc.record<KeyFormat>({
  prefix: fc.constantFrom('', 'TKI - ', 'x'.repeat(50)),
  length: fc.integer({ min: 1, max: 200 }),
  letters: fc.boolean(),
  digits: fc.boolean(),
  hyphenEvery: fc.integer({ min: 0, max: 200 }),
});

describe('generateKey', () => {
  test('the default key is five groups of five that Lukittu clients accept, without look-alikes', () => {
    expect(generateKey(standard, randomBytes)).toMatch(/^[A-HJ-NP-Z2-9]{5}(-[A-HJ-NP-Z2-9]{5}){4}$/);
  });

  test('the prefix stands before it and may hold blanks', () => {
    expect(generateKey(format({ prefix: 'TKI - ' }), randomBytes)).toMatch(/^TKI - \w{5}(-\w{5}){4}$/);
  });

  test.each([
    [format({ digits: false }), /^[A-HJ-NP-Z]{5}(-[A-HJ-NP-Z]{5}){4}$/],
    [format({ letters: false }), /^\d{5}(-\d{5}){4}$/],
    [format({ hyphenEvery: 0 }), /^\w{25}$/],
    [format({ hyphenEvery: 25 }), /^\w{25}$/],
    [format({ length: 7, hyphenEvery: 3 }), /^\w{3}-\w{3}-\w$/],
  ])('a key of %j looks as asked', (wanted, pattern) => {
    expect(generateKey(wanted, randomBytes)).toMatch(pattern);
  });

  test('no symbol is likelier than another: bytes that would favour some are thrown away', () => {
    const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const counts = (wanted: KeyFormat) => {
      const symbols = Array.from(generateKey(wanted, (count) => everyByte.slice(0, count)));
      return symbols.map((symbol) => symbols.filter((other) => other === symbol).length);
    };
    // Of 256 bytes the last 6 are unfair to 10 digits; 250 are left.
    expect(new Set(counts(format({ length: 250, letters: false, hyphenEvery: 0 })))).toEqual(new Set([25]));
    expect(new Set(counts(format({ length: 240, digits: false, hyphenEvery: 0 })))).toEqual(new Set([10]));
    expect(new Set(counts(format({ length: 224, hyphenEvery: 0 })))).toEqual(new Set([7]));
  });

  test('an unfair byte asks for another one', () => {
    const served = [255, 251, 250, 3];
    const key = generateKey(format({ length: 1, letters: false }), () => Uint8Array.of(served.shift()!));
    expect(key).toBe('3');
    expect(served).toEqual([]);
  });

  test('every possible format makes keys that are keys', () => {
    fc.assert(
      fc.property(anyFormat, (wanted) => {
        if (keyFormatProblem(wanted) !== null) {
          expect(() => generateKey(wanted, randomBytes)).toThrow(RangeError);
          return;
        }
        const key = generateKey(wanted, randomBytes);
        expect(normaliseKey(key)).toBe(key);
        expect(key.slice(wanted.prefix.length).replaceAll('-', '')).toHaveLength(wanted.length);
      }),
    );
  });
});

describe('key formats', () => {
  test('a format without letters and digits makes no keys', () => {
    expect(keyFormatProblem(format({ letters: false, digits: false }))).toEqual({ code: 'neither-letters-nor-digits' });
    expect(keyFormatProblem(standard)).toBeNull();
  });

  test('a format whose keys would be longer than 255 characters makes no keys', () => {
    expect(keyFormatProblem(format({ length: 128, hyphenEvery: 1 }))).toBeNull();
    expect(keyFormatProblem(format({ length: 129, hyphenEvery: 1 }))).toMatchObject({ length: 257 });
    expect(keyFormatProblem(format({ length: 200, hyphenEvery: 40, prefix: 'x'.repeat(50) }))).toBeNull();
  });

  test('the default key holds 125 bits', () => {
    expect(keyBits(standard)).toBe(125);
    expect(keyBits(format({ letters: false, digits: false }))).toBe(0);
  });

  test('below 80 bits a warning names the bits', () => {
    expect(keyFormatWarning(format({ length: 16 }))).toBeNull();
    expect(keyFormatWarning(format({ length: 15 }))).toMatchObject({ bits: 75 });
    expect(keyFormatWarning(format({ length: 25, letters: false }))).toBeNull();
    expect(keyFormatWarning(format({ length: 24, letters: false }))).toMatchObject({ bits: 79 });
  });
});

describe('normaliseKey', () => {
  test.each([
    ['  ABC  ', 'ABC'],
    ['\tTKI - ABC12-DEF34\r\n', 'TKI - ABC12-DEF34'],
    ['abc', 'abc'],
    ['a  b', 'a  b'],
    ['"abc"', '"abc"'],
    ['k'.repeat(255), 'k'.repeat(255)],
    ['😀'.repeat(255), '😀'.repeat(255)],
    // Zero-width blank, direction mark, word joiner, soft hyphen and byte order mark cannot be seen.
    ['\u200ba\u200e-\u2060b\u00ad \ufeff', 'a-b'],
    ['cle\u0301', 'cl\u00e9'],
    ['e\u200d\u0301', '\u00e9'],
    ['\u00a0a\u3000', 'a'],
  ])('of %j only what cannot be seen is dropped', (text, key) => {
    expect(normaliseKey(text)).toBe(key);
  });

  test.each(['', '   ', '\u200b', 'k'.repeat(256), 'a\0b', 'a\nb', '\ud83d', 'a\u2028b'])(
    '%j cannot be a key',
    (text) => {
      expect(normaliseKey(text)).toBeNull();
    },
  );
});

describe('foldKey', () => {
  test.each([
    'ABC12-DEF34',
    'abc12def34',
    ' abc12 \u2013 def34.',
    '**`ABC12\u2014DEF34`**',
    '||abc12_def34||',
    '\uff21\uff22\uff2312\u2011DEF34',
    'abc\u00b9\u00b2-\u200bdef34',
  ])('%j is ABC12DEF34', (text) => {
    expect(foldKey(text)).toBe('ABC12DEF34');
  });

  test('keeps letters and digits of every script, and all of a key that has none', () => {
    expect(foldKey('schlu\u0308ssel-\u94a5\u5319-\u0665')).toBe('SCHL\u00dcSSEL\u94a5\u5319\u0665');
    expect(foldKey(' --!-- ')).toBe('--!--');
  });

  test('folding again changes nothing, and a folded text is empty only for a blank one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldKey(foldKey(text))).toBe(foldKey(text));
        expect(foldKey(text) === '').toBe(text.normalize('NFKC').trim() === '');
      }),
    );
  });
});

describe('keyReadings', () => {
  test.each(['`ABC`', '```ABC```', '"ABC"', "'ABC'", ' “ABC” ', '„ABC“', '«ABC»', '` ABC `'])(
    '%j means ABC',
    (text) => {
      expect(keyReadings(text)).toEqual(['ABC']);
    },
  );

  test.each(['Key: ABC', 'key:ABC', 'Your license key: "ABC"', '**Key:** `ABC`', 'License-Key = ABC'])(
    'in %j the key may be what follows the label',
    (text) => {
      expect(keyReadings(text).map(foldKey)).toContain('ABC');
      expect(keyReadings(text)).toHaveLength(2);
    },
  );

  test.each(['monkey: ABC', 'ABC1 key: DEF', 'keyABC'])('%j has no label', (text) => {
    expect(keyReadings(text)).toEqual([text]);
  });

  test.each(['', '``', ' "" '])('%j means no key', (text) => {
    expect(keyReadings(text)).toEqual([]);
  });
});

describe('keySuffix', () => {
  test.each([
    ['ABCDE-FGHIJ-KLMNO-PQRST-X9K2P', 'X9K2P'],
    ['TKI - ABC12-DEF34-GHI56', 'GHI56'],
    ['ABCD-EFGH-IJKL-MNOP-QRST', 'QRST'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXY', 'UVWXY'],
    ['abcdefgh', 'gh'],
    ['abcd', 'd'],
    ['abc', ''],
    ['', ''],
    ['secret secret secret a b', 'b'],
    ['ABCDEFGHIJKLMNOPQRST-', ''],
    ['😀😁😂🤣', '🤣'],
  ])('of %j only %j may be seen', (key, suffix) => {
    expect(keySuffix(key)).toBe(suffix);
  });

  test('it is never more than 5 characters, never over a quarter, and always the key’s end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (key) => {
        const suffix = keySuffix(key);
        const length = Array.from(suffix).length;
        expect(length).toBeLessThanOrEqual(5);
        expect(length).toBeLessThanOrEqual(Array.from(key).length / 4);
        expect(key.endsWith(suffix)).toBe(true);
      }),
    );
  });

  test('a masked key shows nothing but its suffix', () => {
    expect(maskKey('X9K2P')).toBe('…X9K2P');
    expect(maskKey('')).toBe('…');
  });
});

describe('hasKeyFormat', () => {
  test('every key that a format makes has it', () => {
    fc.assert(
      fc.property(anyFormat, (any) => {
        fc.pre(keyFormatProblem(any) === null);
        expect(hasKeyFormat(generateKey(any, randomBytes), any)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  test.each([
    ['shorter', 'ABCDE-FGHJK'],
    ['longer', 'ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2-3'],
    ['in lower case', 'abcde-fghjk-lmnpq-rstuv-wxyz2'],
    ['with look-alikes', 'ABCDE-FGHIJ-LMNPQ-RSTUV-WXYZ2'],
    ['without hyphens', 'ABCDEFGHJKLMNPQRSTUVWXYZ2'],
    ['with hyphens elsewhere', 'ABCD-EFGHJK-LMNPQ-RSTUV-WXYZ2'],
    ['with something before it', 'TKI - ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2'],
    ['empty', ''],
  ])('a key %s has not', (_, key) => {
    expect(hasKeyFormat(key, standard)).toBe(false);
  });

  test('the prefix counts, in its letter case', () => {
    const prefixed = format({ prefix: 'Shop-' });
    expect(hasKeyFormat('Shop-ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2', prefixed)).toBe(true);
    expect(hasKeyFormat('SHOP-ABCDE-FGHJK-LMNPQ-RSTUV-WXYZ2', prefixed)).toBe(false);
  });
});
