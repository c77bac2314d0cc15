import { randomBytes } from 'node:crypto';
import { afterEach, expect, test } from '@jest/globals';
import { SlashCommandBuilder } from 'discord.js';
import { events } from '../../events/index.ts';
import { startBot } from '../../src/discord/bot.ts';
import type { SlashCommand } from '../../src/discord/framework/command.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let world: BotWorld | undefined;
afterEach(async () => {
  await world?.stop();
});

test('of two processes that get the same press exactly one acts, and users do not notice the other', async () => {
  let runs = 0;
  const act: SlashCommand = {
    definition: new SlashCommandBuilder().setName('act').setDescription('Changes something'),
    access: 'buyer',
    reply: 'private',
    run: () => Promise.resolve(`Run ${(runs += 1)}`),
  };
  world = await startBotWorld({ commands: [act] });
  const { discord, services, storage, guildId, channelId, buyerId } = world;
  const log = createRecordingLog();
  const second = await startBot({
    config: { discord: { token: discord.token, apiUrl: discord.url }, guilds: { allowed: null } },
    services,
    storage,
    clock: () => new Date(),
    randomBytes,
    sign: () => 'signature-of-16-',
    log,
    commands: [act],
    events,
  });
  await second.started;
  const { reply } = await discord.user(buyerId).command(guildId, channelId, 'act');
  await second.stop();
  expect(reply?.content).toBe('Run 1');
  expect(runs).toBe(1);
  expect([...log.lines, ...world.log.lines].filter((line) => line.startsWith('error'))).toEqual([]);
  expect(discord.calls.filter(({ path }) => path.endsWith('/callback'))).toHaveLength(2);
});
