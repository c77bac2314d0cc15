import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../../../commands/index.ts';
import { type BotWorld, startBotWorld } from '../../support/bot-world.ts';

describe('all commands together', () => {
  let world: BotWorld;
  beforeAll(async () => {
    world = await startBotWorld({ commands });
  });
  afterAll(() => world.stop());

  const shownTo = (userId: string) => world.discord.user(userId).commands(world.guildId, world.channelId);

  test('Discord takes every one of them', () => {
    expect(world.discord.registeredCommands()).toHaveLength(commands.length);
  });

  test('buyers see none of those for staff', () => {
    const forStaff = ['setup', 'settings', 'product', 'license', 'logs', 'blacklist', 'apikey'];
    expect(shownTo(world.staffId)).toEqual(expect.arrayContaining(forStaff));
    expect(shownTo(world.buyerId).filter((name) => forStaff.includes(name))).toEqual([]);
  });
});
