import { describe, expect, test } from '@jest/globals';
import { parseHexId, parseSnowflake, parseUuid, uuidOf } from '../../../src/domain/values/ids.ts';

describe('ids', () => {
  test('16 bytes make a UUID that says it is random, whatever they are', () => {
    expect(uuidOf(Buffer.alloc(16, 0xff))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff');
    expect(uuidOf(new Uint8Array(16))).toBe('00000000-0000-4000-8000-000000000000');
  });

  test.each(['123456789012345678', ' 123456789012345678 ', '<@123456789012345678>', '<@!123456789012345678>'])(
    '%j is a Discord id',
    (text) => {
      expect(parseSnowflake(text)).toBe('123456789012345678');
    },
  );

  test.each([
    '',
    '12345',
    '1234567890123456789012',
    'abc',
    '-123456789012345678',
    '<@&>',
    '１２３４５６７８９０１２３４５６７８',
  ])('%j is none', (text) => {
    expect(parseSnowflake(text)).toBeNull();
  });

  test('UUIDs and hex ids come out in lower case', () => {
    expect(parseUuid(' 1B4E28BA-2FA1-11D2-883F-0016D3CCA427')).toBe('1b4e28ba-2fa1-11d2-883f-0016d3cca427');
    expect(parseUuid('1b4e28ba2fa111d2883f0016d3cca427')).toBeNull();
    expect(parseHexId('A1F')).toBe('a1f');
    expect(parseHexId('xyz')).toBeNull();
    expect(parseHexId('')).toBeNull();
    expect(parseHexId('a'.repeat(65))).toBeNull();
  });
});
