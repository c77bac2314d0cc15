import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { PermissionFlagsBits } from 'discord.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../../../commands/index.ts';
import { createCommandTable } from '../../../src/discord/framework/command-table.ts';
import { managerCommands } from '../../support/show-to-staff.ts';
import { type BotWorld, startBotWorld } from '../../support/bot-world.ts';

const forStaff = ['product', 'license', 'logs', 'audit', 'blacklist'];
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
    expect(shownTo(world.managerId)).toEqual(expect.arrayContaining([...forStaff, ...managerCommands]));
    const hidden = [...forStaff, ...managerCommands];
    expect(shownTo(world.buyerId).filter((name) => hidden.includes(name))).toEqual([]);
  });

  test('members with Moderate Members see what they may use, and those with Manage Server the rest', () => {
    const { discord, guildId, staffId } = world;
    expect(shownTo(staffId)).toEqual(expect.arrayContaining(forStaff));
    expect(shownTo(staffId).filter((name) => managerCommands.includes(name))).toEqual([]);
    const managing = discord.addRole(guildId, { name: 'Managing', permissions: PermissionFlagsBits.ManageGuild });
    const managerId = discord.addUser({ username: 'managing' });
    discord.addMember(guildId, managerId, { roles: [managing] });
    expect(shownTo(managerId)).toEqual(expect.arrayContaining(managerCommands));
  });
});
