import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { decodeCustomId, encodeCustomId, type CustomId } from '../../src/discord/framework/custom-id.ts';

const signWith = (secret: string) => (text: string) =>
  createHmac('sha256', secret).update(text).digest('base64url').slice(0, 16);
const sign = signWith('ours');

const id: CustomId = {
  handler: 'license-suspend-undo',
  userId: '1573621515843272704',
  until: new Date('2027-01-31T10:20:30Z'),
  state: ['12', 'a|b%7C', '', 'ä'],
};

describe('custom ids', () => {
  test.each([id, { ...id, userId: null, until: null, state: [] }, { ...id, userId: '18446744073709551615' }])(
    'carry their own state',
    (given) => {
      expect(decodeCustomId(encodeCustomId(given, sign), sign)).toEqual(given);
    },
  );

  test('of another key or with any character changed are not ours', () => {
    const customId = encodeCustomId(id, sign);
    expect(decodeCustomId(customId, signWith('theirs'))).toBeNull();
    for (let index = 0; index < customId.length; index += 1) {
      const changed = customId.slice(0, index) + (customId[index] === '0' ? '1' : '0') + customId.slice(index + 1);
      expect(decodeCustomId(changed, sign)).toBeNull();
    }
  });

  test.each(['', 'x', 'é'.repeat(16), 'a'.repeat(100)])('that the bot did not make are not decoded: %j', (customId) => {
    expect(decodeCustomId(customId, sign)).toBeNull();
  });

  test('hold 35 characters of state next to a handler, a user and an end', () => {
    expect(
      encodeCustomId({ ...id, handler: 'h'.repeat(24), state: ['s'.repeat(35)] }, sign).length,
    ).toBeLessThanOrEqual(100);
  });

  test('that would be too long are a programming error', () => {
    expect(() => encodeCustomId({ ...id, state: ['s'.repeat(60)] }, sign)).toThrow('license-suspend-undo');
  });
});
