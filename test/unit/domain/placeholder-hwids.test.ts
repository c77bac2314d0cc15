import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { isPlaceholderHwid, placeholderMachineIds } from '../../../src/domain/values/placeholder-hwids.ts';

const hashOf = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

describe('a HWID that any number of machines have', () => {
  test.each([
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '{00000000-0000-0000-0000-000000000000}',
    '00:00:00:00:00:00',
    'ffffffffffff',
    '0'.repeat(1024),
    ' To be filled by O.E.M. ',
    'To-be-filled-by-OEM',
    'Default string',
    'Default_string',
    'SYSTEM SERIAL NUMBER',
    'None',
    'null',
    'undefined',
    'Unknown',
    'n/a',
    '0123456789ABCDEF',
    '03000200-0400-0500-0006-000700080009',
    '03000200040005000006000700080009',
    '02-42-AC-11-00-02',
    // Machine ids that Debian's and Whonix's images ship to everybody.
    '88544b92092430bc5d3fbbffc12a2f04',
    'B08DFA6083E7567A1921A715000001FB',
    // Hashes of nothing.
    'd41d8cd98f00b204e9800998ecf8427e',
    'DA39A3EE5E6B4B0D3255BFEF95601890AFD80709',
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    hashOf('sha512', ''),
  ])('%s', (hwid) => {
    expect(isPlaceholderHwid(hwid)).toBe(true);
  });

  test.each(['md5', 'sha1', 'sha256', 'sha512'])(
    'is one as its %s too, in the spellings that programs hash',
    (hash) => {
      for (const text of [
        ...['To be filled by O.E.M.', 'To Be Filled By O.E.M.', 'TO BE FILLED BY O.E.M.', 'to be filled by o.e.m.'],
        ...['unknown', 'Unknown', 'null', 'None\n', '88544b92092430bc5d3fbbffc12a2f04\n', 'Default string\r\n'],
        ...['03000200-0400-0500-0006-000700080009', '03000200040005000006000700080009'],
        ...['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', '00:00:00:00:00:00', ''],
      ]) {
        expect([text, isPlaceholderHwid(hashOf(hash, text))]).toEqual([text, true]);
        expect([text, isPlaceholderHwid(hashOf(hash, text).toUpperCase())]).toEqual([text, true]);
      }
    },
  );

  test.each([
    '4c4c4544-0042-3510-8052-b4c04f4d4e32',
    '00000001',
    'x',
    'DESKTOP-0A1B2C3',
    'unknown-7f3a',
    '000000000001',
    hashOf('sha256', '4c4c4544-0042-3510-8052-b4c04f4d4e32'),
    hashOf('md5', 'HWID-1'),
  ])('is not %s', (hwid) => {
    expect(isPlaceholderHwid(hwid)).toBe(false);
  });

  test('sample code gets those that a system reports as its id, spelled as it compares them', () => {
    expect(placeholderMachineIds).toContain('88544b92092430bc5d3fbbffc12a2f04');
    expect(placeholderMachineIds).toContain('03000200040005000006000700080009');
    for (const id of placeholderMachineIds) {
      expect(id).toMatch(/^[0-9a-z]+$/);
      expect(isPlaceholderHwid(id)).toBe(true);
    }
  });
});
