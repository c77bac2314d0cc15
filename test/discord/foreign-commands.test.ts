import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { REST, Routes } from 'discord.js';
import { setup } from '../../commands/setup.ts';
import { reportForeignCommands } from '../../src/discord/gateway/report-foreign-commands.ts';
import { inspectCommandsWithoutBot, registerWithoutBot } from '../../src/discord/register-without-bot.ts';
import { defaultSettings } from '../../src/domain/settings/settings.ts';
import { untilStored } from '../support/until-stored.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

describe('commands that a former bot left on the application', () => {
  let world: BotWorld;
  beforeAll(async () => {
    world = await startBotWorld({ commands: [setup] });
    const { discord, guildId } = world;
    const rest = new REST({ api: discord.url, version: '10' }).setToken(discord.token);
    const body = ['license', 'key'].map((name) => ({ name, description: 'Of the former bot' }));
    await rest.put(Routes.applicationGuildCommands(discord.applicationId, guildId), { body });
    await world.restart();
  });
  afterAll(() => world.stop());

  const manager = () => world.discord.user(world.managerId);
  const run = (name: string) => manager().command(world.guildId, world.channelId, name);
  const left = () => world.discord.registeredCommands(world.guildId).map(({ name }) => name);

  test('are reported when the bot connects, in the log and as an alert', async () => {
    const { discord, storage, guildId, log } = world;
    await discord.until(() => log.lines.some((line) => line.includes('Another program left 2 commands')));
    const alert = async () => (await storage.alertsAfter(0, 10)).find(({ kind }) => kind === 'foreign-commands');
    expect(await untilStored(alert)).toMatchObject({ guildId, text: expect.stringContaining('/license and /key') });
  });

  test('are reported of the other servers, where Discord does not show those of one', async () => {
    const reported: string[] = [];
    await reportForeignCommands(
      {
        log: world.log,
        services: {
          ...world.services,
          alerts: { ...world.services.alerts, raise: (guildId) => Promise.resolve(reported.push(guildId) > 0) },
        },
        findForeignCommands: (guildId) =>
          guildId === 'closed' ? Promise.reject(new Error('Missing Access')) : Promise.resolve([{ name: 'key' }]),
      },
      ['closed', 'open'],
    );
    expect(reported).toEqual(['open']);
  });

  test('answer that nothing is behind them, and who can remove them', async () => {
    const { reply } = await run('license');
    expect(reply?.ephemeral).toBe(true);
    expect(reply?.text).toContain('Another program left this command');
    expect(reply?.text).toContain('/setup');
  });

  test('are named and removed by /setup, which keeps our own', async () => {
    const { discord, guildId, storage } = world;
    const { reply } = await run('setup');
    expect(reply?.content).toContain('Another program left 2 commands (`/license` and `/key`)');
    const removed = await manager().click(reply!, 'Remove 2 old commands');
    expect(removed.reply?.content).toBe('✅ Removed: `/license` and `/key`');
    expect(removed.reply?.buttons.map(({ label }) => label)).toEqual(['Next']);
    expect(left()).toEqual([]);

    const access = { token: discord.token, applicationId: null, apiUrl: discord.url };
    await registerWithoutBot({ ...access, storage, guildId, commands: [setup] });
    const inspected = await inspectCommandsWithoutBot({
      ...access,
      storage,
      guildId,
      commands: [setup],
      settings: defaultSettings,
    });
    expect(inspected).toEqual({ ok: true, value: { hidden: [], foreign: [] } });
    expect(left()).toEqual(['setup']);
  });
});
