import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SlashCommandBuilder, SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import type { Command, SlashCommand } from '../../src/discord/framework/command.ts';
import { button, row, textModal } from '../../src/discord/framework/components.ts';
import { askFirst } from '../../src/discord/framework/ask-first.ts';
import { undoButton } from '../../src/discord/framework/undo.ts';
import { embed } from '../../src/discord/framework/embed.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

const done: string[] = [];
const secret = 'AAAAA-BBBBB';

const subcommand = (name: string) => new SlashCommandSubcommandBuilder().setName(name).setDescription(name);

const keep: SlashCommand = {
  definition: new SlashCommandBuilder().setName('keep').setDescription('Keeps more than a custom id holds'),
  access: 'buyer',
  reply: 'public',
  run: async ({ saveState, customId }) => ({
    content: '@everyone <@&1>',
    rows: [row(button(customId('kept', [await saveState('x'.repeat(500))], { forAnybody: true }), 'Show'))],
  }),
  components: {
    kept: {
      reply: 'private',
      run: async ({ savedState, state }) => String(await savedState(state[0] ?? '', z.string())).slice(0, 10),
    },
  },
};

const commands: readonly Command[] = [
  {
    name: 'work',
    description: 'Commands of this test',
    subcommands: [
      {
        definition: subcommand('ask').addStringOption((option) =>
          option.setName('what').setDescription('What').setAutocomplete(true),
        ),
        access: 'license.delete',
        reply: 'private',
        run: (context) =>
          Promise.resolve(
            askFirst(context, {
              title: 'Sure?',
              lines: ['2 licenses'],
              label: 'Delete',
              handler: 'do-it',
              state: ['7|%'],
            }),
          ),
        autocomplete: ({ focused }) => Promise.resolve([{ name: `a secret ${focused.text}`, value: '1' }]),
        components: {
          'do-it': {
            reply: 'update',
            once: true,
            run: (context) => {
              done.push(context.state.join());
              return Promise.resolve({ content: 'Deleted.', rows: [row(undoButton(context, 'undo-it', [1]))] });
            },
          },
          'undo-it': { reply: 'update', once: true, run: () => Promise.resolve('Undone.') },
        },
      },
      {
        definition: subcommand('show'),
        access: 'license.view',
        reply: 'private',
        run: () => Promise.resolve({ content: secret, embeds: [embed({ title: 'A card' })], postable: true }),
      },
      {
        definition: subcommand('break'),
        access: 'license.view',
        reply: 'private',
        run: () => Promise.reject(new Error(`Something about ${secret}`)),
      },
      {
        definition: subcommand('type'),
        access: 'member',
        reply: 'private',
        modal: ({ customId }) => textModal(customId('typed'), 'Delete', [{ id: 'name', label: 'Name' }]),
        run: () => Promise.resolve('no modal'),
        components: { typed: { reply: 'private', run: ({ field }) => Promise.resolve(`You typed ${field('name')}`) } },
      },
    ],
  },
  keep,
];

describe('dispatch', () => {
  let world: BotWorld;
  const as = (userId: string) => world.discord.user(userId);
  const run = (userId: string, name: string, options = {}) =>
    as(userId).command(world.guildId, world.channelId, name, options);

  beforeAll(async () => {
    world = await startBotWorld({ commands });
  });
  afterAll(() => world.stop());

  test('a user who lacks the access reads what is missing, and nothing runs', async () => {
    const { reply } = await run(world.staffId, 'work ask');
    expect(reply?.text).toContain('Manage Server');
    expect(reply?.ephemeral).toBe(true);
    expect(done).toEqual([]);
  });

  test('who lacks the access is offered no choices', async () => {
    const { guildId, channelId, staffId, managerId } = world;
    const refused = await as(staffId).autocomplete(guildId, channelId, 'work ask', 'what', { what: 'a' });
    expect(refused.choices).toEqual([]);
    const given = await as(managerId).autocomplete(guildId, channelId, 'work ask', 'what', { what: 'a' });
    expect(given.choices).toEqual([{ name: 'a secret a', value: '1' }]);
  });

  test('a role list of the guild gives access', async () => {
    const { services, guildId, staffId, staffRoleId, managerId } = world;
    const by = { guildId, actor: { type: 'user', id: managerId } } as const;
    await services.settings.patch({ ...by, patch: { 'roles.license.delete': [staffRoleId] } });
    expect((await run(staffId, 'work ask')).reply?.text).toContain('Sure?');
    await services.settings.patch({ ...by, patch: { 'roles.license.delete': null } });
  });

  test('of two presses of a confirmation exactly one runs, with the state it was made with', async () => {
    const { reply } = await run(world.managerId, 'work ask');
    const { starting } = as(world.managerId);
    const presses = await Promise.all([starting.click(reply!, 'Delete'), starting.click(reply!, 'Delete')]);
    await Promise.all(presses.map((press) => press.finished()));
    expect(done.splice(0)).toEqual(['7|%']);
    const texts = presses.flatMap(({ followUps }) => followUps.map(({ text }) => text));
    expect(texts).toEqual([expect.stringContaining('pressed already')]);
  });

  test('the answer offers undo, and cancel changes nothing', async () => {
    const { managerId } = world;
    const asked = await run(managerId, 'work ask');
    const deleted = await as(managerId).click(asked.reply!, 'Delete');
    expect(deleted.reply?.content).toBe('Deleted.');
    expect((await as(managerId).click(deleted.reply!, 'Undo')).reply?.content).toBe('Undone.');
    done.length = 0;

    const again = await run(managerId, 'work ask');
    const cancelled = await as(managerId).click(again.reply!, 'Cancel');
    expect(cancelled.reply?.text).toBe('Nothing was changed.');
    expect(done).toEqual([]);
  });

  test('staff who lost the access since cannot confirm any more', async () => {
    const { services, guildId, staffId, staffRoleId, managerId } = world;
    const by = { guildId, actor: { type: 'user', id: managerId } } as const;
    await services.settings.patch({ ...by, patch: { 'roles.license.delete': [staffRoleId] } });
    const { reply } = await run(staffId, 'work ask');
    await services.settings.patch({ ...by, patch: { 'roles.license.delete': null } });
    const press = await as(staffId).click(reply!, 'Delete');
    expect(press.followUps[0]?.text).toContain('Manage Server');
    expect(done).toEqual([]);
  });

  test('Post here posts the embed and never the key', async () => {
    const { discord, staffId, channelId } = world;
    const { reply } = await run(staffId, 'work show');
    expect(reply?.content).toBe(secret);
    await as(staffId).click(reply!, 'Post here');
    const posted = discord.messages(channelId).at(-1)!;
    expect(posted.text).toBe('A card');
    expect(posted.ephemeral).toBe(false);
  });

  test('an error is one sentence with a reference that the log has too, and no details', async () => {
    const { reply } = await run(world.staffId, 'work break');
    const reference = /`([0-9a-f]{8})`/.exec(reply?.text ?? '')?.[1];
    expect(reference).toBeDefined();
    expect(reply?.text).not.toContain(secret);
    expect(world.log.lines).toContain('error A command failed');
  });

  test('a modal opens instead of a deferral and its text arrives', async () => {
    const opened = await run(world.staffId, 'work type');
    expect(opened.deferred).toBe(false);
    const sent = await as(world.staffId).submitModal(opened.modal!, { Name: ' Vault ' });
    expect(sent.reply?.text).toBe('You typed Vault');
  });

  test('public replies ping no user, and saved state is found for its owner only', async () => {
    const { buyerId, staffId } = world;
    const { reply } = await run(buyerId, 'keep');
    expect(reply?.ephemeral).toBe(false);
    expect(reply?.pings).toEqual({ everyone: false, users: [], roles: [] });
    expect((await as(buyerId).click(reply!, 'Show')).reply?.text).toBe('xxxxxxxxxx');
    expect((await as(staffId).click(reply!, 'Show')).reply?.text).toBe('null');
  });

  test('a server whose settings cannot be read denies staff commands, and completes nothing', async () => {
    const { discord, services, guildId, channelId, managerId } = world;
    const { view } = services.settings;
    const notFound = { ok: false, error: { code: 'guild-not-found', guildId } } as const;
    Object.assign(services.settings, { view: () => Promise.resolve(notFound) });
    const { reply } = await run(managerId, 'work ask');
    const typed = await discord.user(managerId).autocomplete(guildId, channelId, 'work ask', 'what', { what: 'x' });
    Object.assign(services.settings, { view });
    expect(reply?.text).toContain('not known to me right now');
    expect(typed.choices).toEqual([]);
  });

  test('another user’s button answers with a sentence', async () => {
    const { discord, buyerId, managerId, guildId, channelId } = world;
    const opened = await discord.user(managerId).command(guildId, channelId, 'work ask');
    const customId = opened.reply!.buttons[0]!.customId!;
    const { reply } = await run(buyerId, 'keep');
    const forged = await as(buyerId).click(reply!, customId, { forged: true });
    expect(forged.reply?.text ?? forged.followUps[0]?.text).toContain(`Only <@${managerId}> can use this`);
    expect(done).toEqual([]);
  });
});
