import { describe, expect, test } from '@jest/globals';
import { alpha3, countryName } from '../../../src/domain/values/countries.ts';

const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
const codes = letters.flatMap((first) => letters.map((second) => first + second)).filter((code) => alpha3(code));

describe('countries', () => {
  test('all 249 countries of ISO 3166-1 and Kosovo have one alpha-3 code each, of their own', () => {
    expect(codes).toHaveLength(250);
    expect(new Set(codes.map(alpha3)).size).toBe(250);
  });

  test('every country has an English name', () => {
    for (const code of codes) expect(countryName(alpha3(code)!)).not.toMatch(/^[A-Z]{3}$/);
  });

  test.each([
    ['de', 'DEU'],
    [' DEU ', 'DEU'],
    ['gb', 'GBR'],
    ['usa', 'USA'],
    ['XK', 'XKX'],
  ])('%j is %s', (text, code) => {
    expect(alpha3(text)).toBe(code);
  });

  test.each(['XX', 'T1', 'Germany', '', 'D', 'DEUS', '__proto__'])('%j is no country', (text) => {
    expect(alpha3(text)).toBeNull();
  });

  test('an unknown code is its own name', () => {
    expect(countryName('ZZZ')).toBe('ZZZ');
    expect(countryName('DEU')).toBe('Germany');
  });
});
