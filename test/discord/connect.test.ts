import { afterEach, expect, test } from '@jest/globals';
import { systemTimers, type Timers } from '../../src/discord/gateway/timers.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

let world: BotWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** As the clock's, but what waits for its next try goes on at once. */
const hastyTimers: Timers = {
  after: (ms, callback) => systemTimers.after(ms === 5000 ? 0 : ms, callback),
};

/** Looks again whenever the event loop comes round, for at most 15 seconds. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('It did not come to that.');
    await new Promise(setImmediate);
  }
}

test('without the Server Members intent the bot connects all the same and says where to switch it on', async () => {
  world = await startBotWorld({
    prepare: (discord) => {
      discord.setPrivilegedIntents({ members: false });
    },
  });
  expect(world.bot.state()).toBe('ready');
  expect(world.log.lines.filter((line) => line.includes('Server Members Intent'))).toHaveLength(1);
});

test('a server that guilds.allowed does not name gets an explanation, and nothing of it is stored', async () => {
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

test('a token that is revoked while the bot runs is logged, and the bot does not count as ready', async () => {
  world = await startBotWorld();
  const { discord, bot, log } = world;
  expect(bot.state()).toBe('ready');
  discord.disconnectGateway({ code: 4004 });
  await until(() => bot.state() === 'bad-token');
  expect(log.lines.filter((line) => line.startsWith('error Discord does not know DISCORD_TOKEN'))).toHaveLength(1);
});

test('a bot whose Server Members Intent is switched off while it runs comes back without it', async () => {
  world = await startBotWorld();
  const { discord, bot, log } = world;
  discord.setPrivilegedIntents({ members: false });
  discord.disconnectGateway({ code: 4014 });
  await until(() => log.lines.some((line) => line.includes('Server Members Intent')) && bot.state() === 'ready');
  expect(discord.isBotOnline()).toBe(true);
});

test('commands that Discord did not take are registered again later', async () => {
  const failures = 3;
  world = await startBotWorld({
    prepare: (discord) => {
      discord.inject({ status: 500, method: 'PUT', path: /commands$/, times: failures });
    },
    timers: hastyTimers,
  });
  expect(world.discord.registeredCommands()).toHaveLength(1);
  expect(world.log.lines).toContain('warn The commands could not be registered; trying again');
});
