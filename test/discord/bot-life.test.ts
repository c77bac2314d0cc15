import { afterEach, expect, test } from '@jest/globals';
import { PermissionFlagsBits, SlashCommandBuilder } from 'discord.js';
import { blacklist } from '../../commands/blacklist.ts';
import { license } from '../../commands/license.ts';
import type { SlashCommand } from '../../src/discord/framework/command.ts';
import { actionMenuRows, ipTarget } from '../../src/discord/log/action-menu.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

let world: BotWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

test('a command that was accepted is answered before the bot stops', async () => {
  let finish = (): void => undefined;
  const slow: SlashCommand = {
    definition: new SlashCommandBuilder().setName('slow').setDescription('Takes its time'),
    access: 'buyer',
    reply: 'private',
    run: () =>
      new Promise((resolve) => {
        finish = () => {
          resolve('Done.');
        };
      }),
  };
  world = await startBotWorld({ commands: [slow] });
  const { discord, bot, guildId, channelId, buyerId } = world;
  const asked = await discord.user(buyerId).starting.command(guildId, channelId, 'slow');
  await asked.until(({ deferred }) => deferred);
  const stopped = bot.stop();
  await discord.until(() => !discord.isBotOnline());
  finish();
  await stopped;
  expect(asked.reply?.content).toBe('Done.');
});

test('who leaves loses nothing by default, and who comes back gets the roles again', async () => {
  world = await startBotWorld();
  const { discord, services, storage, bot, guildId, buyerId } = world;
  const roleId = discord.addRole(guildId, { name: 'Buyers' });
  const by = { guildId, actor: { type: 'cli' } } as const;
  await services.products.create({ ...by, name: 'Vault', buyerRoleId: roleId });
  const issued = await services.licenses.issue({ ...by, product: 'Vault', ownerId: buyerId, mayManage: true });
  if (!issued.ok) throw new Error(issued.error.code);
  bot.effects.wake();
  await bot.effects.settled(issued.value.effectIds, 5000);
  expect(discord.memberRoles(guildId, buyerId)).toContain(roleId);

  discord.removeMember(guildId, buyerId);
  discord.addMember(guildId, buyerId);
  await discord.until(() => discord.memberRoles(guildId, buyerId).includes(roleId));
  const [license] = await storage.licensesOf(buyerId);
  expect(license?.holds).toEqual([]);
});

test('an admin action appears in its channel, and the menu below it acts for those who may', async () => {
  world = await startBotWorld({ commands: [license] });
  const { discord, services, storage, guildId, channelId, managerId, buyerId } = world;
  const by = { guildId, actor: { type: 'user', id: managerId } } as const;
  await services.products.create({ ...by, name: 'Vault' });
  const issued = await services.licenses.issue({ ...by, product: 'Vault', ownerId: buyerId, mayManage: true });
  if (!issued.ok) throw new Error(issued.error.code);
  const licenseId = issued.value.issued[0]!.license.id;
  await services.settings.patch({ ...by, patch: { 'channels.admin': channelId } });

  const post = await discord.until(() => discord.messages(channelId).find(({ selects }) => selects.length > 0));
  expect(post.text).toMatch(/issued.* license .*Vault/);
  const [menu] = post.selects;
  const stranger = await discord.user(buyerId).select(post, menu!.customId, [`license:${licenseId}`]);
  expect(stranger.reply?.text).toContain('You cannot do this');

  const manager = discord.user(managerId);
  const shown = await manager.select(post, menu!.customId, [`license:${licenseId}`]);
  expect(shown.reply?.ephemeral).toBe(true);
  expect(shown.reply?.text).toContain('Vault');
  const suspended = await manager.click(shown.reply!, 'Suspend');
  expect(suspended.reply?.text).toContain('License suspended');
  expect((await storage.license(guildId, { id: licenseId }))?.holds).toMatchObject([{ kind: 'staff' }]);
  await manager.click(suspended.reply!, 'Undo');
  expect((await storage.license(guildId, { id: licenseId }))?.holds).toEqual([]);
});

test('a log channel that the bot may not write is reported to the owner, and says what it missed once it may', async () => {
  world = await startBotWorld();
  const { discord, services, guildId, channelId, managerId } = world;
  const by = { guildId, actor: { type: 'user', id: managerId } } as const;
  const noPosts = { id: guildId, deny: PermissionFlagsBits.SendMessages };
  discord.setOverwrite(channelId, noPosts);
  await services.settings.patch({ ...by, patch: { 'channels.admin': channelId } });
  // The server was set up, and its settings were changed.
  const dm = await discord.until(() => discord.dms(managerId)[0]);
  expect(dm.text).toContain('None of the log channels of **Shop** takes posts');
  expect(dm.text).toContain('has missed 2 lines');

  discord.setOverwrite(channelId, { id: guildId, allow: PermissionFlagsBits.SendMessages });
  world.advance(60_000);
  const post = await discord.until(() => discord.messages(channelId)[0]);
  expect(post.text).toContain('I could not post 2 lines here');
});

test('undoing a blacklisting from the log puts back the entry that was there before', async () => {
  world = await startBotWorld({ commands: [blacklist] });
  const { discord, services, guildId, channelId, managerId } = world;
  const by = { guildId, actor: { type: 'user', id: managerId } } as const;
  await services.guilds.ensure({ id: guildId, name: 'Shop' });
  await services.blacklist.add({ ...by, type: 'ip', value: '203.0.113.5', reason: 'for ever', for: 'never' });
  const menu = actionMenuRows([ipTarget('203.0.113.5')], world.sign)[0]!.components[0]!;
  const listed = await discord.user(managerId).command(guildId, channelId, 'blacklist list');
  const customId = 'custom_id' in menu ? menu.custom_id : '';
  const manager = discord.user(managerId);
  const shown = await manager.select(listed.reply!, customId, ['ip:203.0.113.5'], { forged: true });
  const done = await manager.click(shown.reply!, 'Blacklist for 30 days');
  const entries = () => services.blacklist.list(guildId, 'ip', { limit: 5, beforeId: null });
  expect((await entries()).map(({ expiresAt }) => expiresAt === null)).toEqual([false]);
  await manager.click(done.reply!, 'Undo');
  expect(await entries()).toMatchObject([{ value: '203.0.113.5', reason: 'for ever', expiresAt: null }]);
});
