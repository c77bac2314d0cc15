import { expect, test } from '@jest/globals';
import type { User } from 'discord.js';
import { ownerFrom } from '../../../src/discord/options/owner-option.ts';

const options = (id: string | null, user: Pick<User, 'bot'> | null) => ({
  userId: () => id,
  user: () => user as User | null,
});

test('a license is owned by a user, or by nobody where none is named', () => {
  expect(ownerFrom(options('5', { bot: false }))).toEqual({ ok: true, value: '5' });
  expect(ownerFrom(options(null, null))).toEqual({ ok: true, value: null });
});

test('an id that Discord adds no user to is nobody’s, and a bot owns nothing', () => {
  expect(ownerFrom(options('5', null))).toEqual({ ok: false, error: expect.stringContaining('no Discord user') });
  expect(ownerFrom(options('5', { bot: true }))).toEqual({ ok: false, error: 'A bot cannot own a license.' });
});
