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

test('a token that Discord does not know ends in one sentence that says where to get another', async () => {
  world = await startBotWorld({ token: 'not-a-token-of-this-discord', startedWhen: () => true });
  expect(world.bot.state()).toBe('bad-token');
  const errors = world.log.lines.filter((line) => line.startsWith('error'));
  expect(errors).toEqual([expect.stringContaining('make a new one at https://discord.com/developers')]);
  expect(errors.join()).not.toContain('not-a-token');
});

test('the bot connects once Discord is back', async () => {
  const waiting: (() => void)[] = [];
  const starting = startBotWorld({
    prepare: (discord) => {
      discord.startOutage('refuse');
      waiting.push(() => {
        discord.endOutage();
      });
    },
    timers: {
      after: (ms, callback) => {
        // The first retry is when Discord comes back.
        if (ms === 5000) waiting.shift()?.();
        const timer = setTimeout(callback, ms === 5000 ? 0 : ms);
        return () => {
          clearTimeout(timer);
        };
      },
    },
  });
  world = await starting;
  expect(world.bot.state()).toBe('ready');
  expect(world.log.lines.some((line) => line.startsWith('warn Discord cannot be reached'))).toBe(true);
});
