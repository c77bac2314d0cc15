import { expect, test } from '@jest/globals';
import { describeSettingProblem } from '../../../src/texts/setting-problems.ts';

test('a value that a setting does not take is answered with what the setting takes', () => {
  expect(describeSettingProblem({ code: 'not-allowed', allowed: 'on or off' })).toBe('This must be on or off.');
});

test('a key format without characters says what to switch on', () => {
  expect(describeSettingProblem({ code: 'neither-letters-nor-digits' })).toContain('letters or digits');
});

test('a key format of too long keys names the length and the longest possible', () => {
  const sentence = describeSettingProblem({ code: 'keys-too-long', length: 257, max: 255 });
  expect(sentence).toMatch(/257 .* 255 /);
});
