import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

describe('the bot on an unmodified discord.js', () => {
  let world: BotWorld;
  beforeAll(async () => {
    world = await startBotWorld();
  });
  afterAll(() => world.stop());

  test('/help answers a buyer privately, in the server and in a DM', async () => {
    const { discord, guildId, channelId, buyerId } = world;
    const inServer = await discord.user(buyerId).command(guildId, channelId, 'help');
    expect(inServer.error).toBeUndefined();
    expect(inServer.reply?.ephemeral).toBe(true);
    expect(inServer.reply?.text).toContain('/mylicenses');
    const inDm = await discord.user(buyerId).command(null, null, 'help');
    expect(inDm.reply?.text).toContain('/redeem');
  });

  test('everything is deferred before the store is asked', async () => {
    const { discord, guildId, channelId, buyerId } = world;
    const help = await discord.user(buyerId).command(guildId, channelId, 'help');
    expect(help.deferred).toBe(true);
  });

  test('the name of every user who uses it is stored', async () => {
    const { discord, storage, guildId, channelId, staffId } = world;
    await discord.user(staffId).command(guildId, channelId, 'help');
    expect(await storage.knownUser(staffId)).toMatchObject({ username: 'staff' });
  });

  test('a custom id that the bot never made is refused with a sentence', async () => {
    const { discord, guildId, channelId, buyerId } = world;
    const { reply } = await discord.user(buyerId).command(guildId, channelId, 'help');
    const forged = await discord.user(buyerId).click(reply!, 'AAAAAAAAAAAAAAAAact-suspend|||1', { forged: true });
    expect(forged.reply?.text).toMatch(/older version/);
    expect(forged.reply?.ephemeral).toBe(true);
  });

  test('the log names an invite link with the five permissions', () => {
    const line = world.log.lines.find((one) => one.startsWith('info Invite')) ?? '';
    const permissions = new URL(/https:\S+/.exec(line)![0]).searchParams.get('permissions');
    expect(BigInt(permissions!)).toBe((1n << 10n) | (1n << 11n) | (1n << 14n) | (1n << 15n) | (1n << 28n));
  });
});
