import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../../../commands/index.ts';
import { createCommandTable } from '../../../src/discord/framework/command-table.ts';
import { type BotWorld, startBotWorld } from '../../support/bot-world.ts';

const folders = ['commands', 'src/discord', 'src/services', 'src/domain'];
const filesIn = (folder: string) => globSync(`${folder}/**/*.ts`);

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

  test('no text of the bot names a command that there is not', async () => {
    const names = new Set(createCommandTable(commands, {}).tasks.keys());
    const groups = [...names].flatMap((name) => [name.split(' ')[0], name.split(' ').slice(0, 2).join(' ')]);
    const sources = await Promise.all(folders.flatMap(filesIn).map((file) => readFile(file, 'utf8')));
    const named = sources.flatMap((text) =>
      [...text.matchAll(/\\?`\/([a-z]{2,}(?: [a-z]+){0,2})/g)].map(([, name]) => name!),
    );
    const unknown = named.filter((name) => ![...names, ...groups].some((known) => `${name} `.startsWith(`${known} `)));
    expect(named).toContain('license reset');
    expect(unknown).toEqual([]);
  });

  test('buyers see none of those for staff', () => {
    const forStaff = ['setup', 'settings', 'product', 'license', 'logs', 'blacklist', 'apikey'];
    expect(shownTo(world.staffId)).toEqual(expect.arrayContaining(forStaff));
    expect(shownTo(world.buyerId).filter((name) => forStaff.includes(name))).toEqual([]);
  });
});
