import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type LocalDiscord, startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { isDiscordUser } from '../../src/discord/find-user-without-bot.ts';

let discord: LocalDiscord;
beforeEach(async () => {
  discord = await startLocalDiscord({ rateLimits: false });
});
afterEach(() => discord.stop());

const ask = (userId: string) => isDiscordUser({ token: discord.token, apiUrl: discord.url, userId });

test('a user is one in no server, too; an id without a user is none', async () => {
  expect(await ask(discord.addUser({ username: 'stranger' }))).toBe(true);
  expect(await ask('200000000000000002')).toBe(false);
});

test('where Discord does not answer, or refuses the token, nothing is known', async () => {
  discord.inject({ status: 500 });
  expect(await ask('200000000000000002')).toBeNull();
  const wrong = { token: 'wrong', apiUrl: discord.url, userId: '200000000000000002' };
  expect(await isDiscordUser(wrong)).toBeNull();
});
