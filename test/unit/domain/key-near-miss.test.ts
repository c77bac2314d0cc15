import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { generateKey, type KeyFormat, keyFormatOf } from '../../../src/domain/values/key-format.ts';
import { keyNearMiss } from '../../../src/domain/values/key-near-miss.ts';
import { defaultSettings } from '../../../src/domain/settings/settings.ts';
import { describeKeyNearMiss } from '../../../src/texts/key-near-miss.ts';

const standard = keyFormatOf(defaultSettings);
const format = (change: Partial<KeyFormat>): KeyFormat => ({ ...standard, ...change });
const ending = 'Copy the whole key, as it was sent to you.';

describe('a text that is nearly a key', () => {
  test.each([
    ['ABCDE-FGHJK-MNPQR-STUVW', 'letters and digits in groups of 5, and this one has 20: a group is missing.'],
    ['ABCDE-FGHJK-MNPQR-STUVW-XYZ2', 'and this one has 24: one character is missing.'],
    ['`abcde fghjk mnpqr stuvw xyz`', 'and this one has 23: 2 characters are missing.'],
    ['Key: ABCDE-FGHJK-MNPQR-STUVW-XYZ23-4', 'and this one has 26: one character too many.'],
    ['ABCDE-FGHJK-MNPQR-STUVW-XYZ23-45678', 'and this one has 30: a group too many.'],
    ['ABCDE-FGHJK-MNPQR-STUVW-XYZ2I', 'Keys here never hold “I”, which looks like another character.'],
    ['ABCDE-FGHJK-MNPQR-STUVW-XYZO0', 'Keys here never hold “0” or “O”, which look like other characters.'],
  ])('of %j it says: %s', (text, words) => {
    const nearMiss = keyNearMiss(text, standard);
    expect(nearMiss && describeKeyNearMiss(nearMiss)).toContain(words);
    expect(nearMiss && describeKeyNearMiss(nearMiss)).toMatch(new RegExp(`\\. ${ending}$`));
  });

  test('is compared without the prefix', () => {
    const prefixed = format({ prefix: 'My Shop-' });
    expect(keyNearMiss('MY SHOP-ABCDE-FGHJK-MNPQR-STUVW', prefixed)).toMatchObject({ length: 20, lookAlikes: '' });
    expect(keyNearMiss('ABCDE-FGHJK-MNPQR-STUVW', prefixed)).toMatchObject({ length: 20 });
  });

  test('says nothing of groups where keys have none', () => {
    for (const hyphenEvery of [0, 25]) {
      const nearMiss = keyNearMiss('ABCDEFGHJKMNPQRSTUVWXYZ2', format({ hyphenEvery }));
      expect(nearMiss && describeKeyNearMiss(nearMiss)).toBe(
        `Keys here have 25 letters and digits, and this one has 24: one character is missing. ${ending}`,
      );
    }
  });
});

describe('a text that is no near miss', () => {
  test.each([
    '',
    'wrong 1',
    'ABCDE-FGHJK',
    'what is my key, and who can send it to me again?',
    'ÄBCDE-FGHJK-MNPQR-STUVW',
  ])('%j is far from every key', (text) => {
    expect(keyNearMiss(text, standard)).toBeNull();
  });

  test('is one that has the form of a key, and any where keys are short', () => {
    for (const change of [{}, { prefix: 'TKI - ' }, { letters: false }, { hyphenEvery: 0 }, { digits: false }]) {
      const own = format(change);
      expect(keyNearMiss(generateKey(own, randomBytes), own)).toBeNull();
    }
    expect(keyNearMiss('12345', format({ length: 6, letters: false, hyphenEvery: 3 }))).toBeNull();
  });
});
