import { afterEach, expect, test } from '@jest/globals';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

let world: BotWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

test('without the Server Members intent the bot connects all the same and says where to switch it on', async () => {
  world = await startBotWorld({
    prepare: (discord) => {
      discord.setPrivilegedIntents({ members: false });
    },
  });
  expect(world.bot.state()).toBe('ready');
  expect(world.log.lines.filter((line) => line.includes('Server Members Intent'))).toHaveLength(1);
});

test('a server that guilds.allowed does not name is told so, and nothing of it is stored', async () => {
  world = await startBotWorld({ allowedGuildIds: ['999999999999999999'] });
  const { discord, storage, guildId, channelId, managerId } = world;
  const help = await discord.user(managerId).command(guildId, channelId, 'help');
  expect(help.reply?.text).toContain('do not serve this server');
  expect(help.reply?.ephemeral).toBe(true);
  expect(await storage.guilds()).toEqual([]);
});

test('an open installation of a public bot warns its operator', async () => {
  world = await startBotWorld({
    prepare: (discord) => {
      discord.setPublicBot(true);
    },
  });
  const { discord, log } = world;
  await discord.until(() => log.lines.some((line) => line.startsWith('warn Anybody can invite')));
});

test('the commands are registered once for all restarts, and again when they change', async () => {
  world = await startBotWorld();
  const { discord } = world;
  const puts = () => discord.calls.filter(({ method, path }) => method === 'PUT' && path.endsWith('/commands')).length;
  expect(puts()).toBe(1);
});
