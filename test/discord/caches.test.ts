import { expect, test } from '@jest/globals';
import { Routes } from 'discord.js';
import { startLocalDiscord } from '../../playground/discord/local-discord.ts';
import { help } from '../../commands/help.ts';
import { interactionCreate } from '../../events/interaction-create.ts';
import { createClient } from '../../src/discord/gateway/client.ts';
import { connect } from '../../src/discord/gateway/connect.ts';
import type { EventContext } from '../../src/discord/framework/bot-event.ts';

const people = 300;

test('of the many who write to the bot it keeps a bounded number, and none of their channels or messages', async () => {
  const discord = await startLocalDiscord({ rateLimits: false });
  const owner = discord.addUser({ username: 'owner' });
  const guildId = discord.addGuild({ name: 'Shop', ownerId: owner });
  const channelId = discord.addChannel(guildId, { name: 'general' });
  const client = createClient(discord.url, true);
  expect(await connect(client, discord.token)).toBe('connected');
  const definition = help.definition.toJSON();
  await client.rest.put(Routes.applicationCommands(client.application!.id), { body: [definition] });
  const context = {
    client,
    dispatch: async (interaction: { isChatInputCommand(): boolean }) => {
      if ('reply' in interaction) await (interaction as { reply(text: string): Promise<unknown> }).reply('Yes.');
    },
  } as unknown as EventContext;
  interactionCreate.listen(client, context, (_name, act) => void act());
  const channelsBefore = client.channels.cache.size;
  for (let number = 0; number < people; number += 1) {
    const userId = discord.addUser({ username: `user${number}` });
    discord.addMember(guildId, userId);
    await discord.user(userId).command(null, null, 'help');
    await discord.user(userId).command(guildId, channelId, 'help');
  }
  expect(client.channels.cache.size).toBe(channelsBefore);
  expect(client.users.cache.size).toBeLessThanOrEqual(201);
  expect(client.guilds.cache.get(guildId)!.members.cache.size).toBeLessThanOrEqual(201);
  const text = client.channels.cache.get(channelId)!;
  expect('messages' in text && text.messages.cache.size).toBe(0);
  await client.destroy();
  await discord.stop();
});
