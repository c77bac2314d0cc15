import { expect, test } from '@jest/globals';
import { createLateInteractions } from '../../src/discord/framework/late-interactions.ts';
import { startBotWorld } from '../support/bot-world.ts';

test('interactions that came too late are logged once for all of them, with how many there were of each', async () => {
  const logged: unknown[] = [];
  const log = { warn: (_message: string, data: unknown) => logged.push(data) };
  const late = createLateInteractions(log);
  for (const name of ['/help', '/help', 'my-key']) late.add(name);
  await late.report();
  await late.report();
  expect(logged).toEqual([{ count: 3, commands: { '/help': 2, 'my-key': 1 } }]);
});

test('an answer that Discord refuses as too late is counted, one that another process gave is not', async () => {
  const world = await startBotWorld();
  const { discord, guildId, channelId, buyerId, log } = world;
  for (const [status, code] of [
    [404, 10_062],
    [400, 40_060],
  ] as const) {
    discord.inject({ status, method: 'POST', path: /\/callback/, body: { code, message: 'Refused' } });
    const calls = discord.calls.length;
    await discord.user(buyerId).starting.command(guildId, channelId, 'help');
    await discord.until(() => discord.calls.slice(calls).some(({ route }) => route.includes('callback')));
  }
  await world.stop();
  expect(log.lines.filter((line) => line.startsWith('warn Discord did not take'))).toHaveLength(1);
  expect(log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
});
