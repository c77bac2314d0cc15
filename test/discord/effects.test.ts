import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PermissionFlagsBits, SlashCommandBuilder } from 'discord.js';
import { changeReply } from '../../src/discord/framework/change-reply.ts';
import type { SlashCommand } from '../../src/discord/framework/command.ts';
import { describeCommandError } from '../../src/texts/command-errors.ts';
import { untilStored } from '../support/until-stored.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { valueOf } from '../support/open-services.ts';

/** What `/license issue` does, as far as effects are concerned. */
const issue: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('issue')
    .setDescription('Issues a license')
    .addUserOption((option) => option.setName('user').setDescription('For whom').setRequired(true))
    .addStringOption((option) => option.setName('product').setDescription('Vault if left out'))
    .addBooleanOption((option) => option.setName('silent').setDescription('Send no key')),
  access: 'license.issue',
  reply: 'private',
  run: async (context) => {
    const { options } = context;
    const given = { ownerId: options.userId('user'), silent: options.flag('silent') ?? false };
    const product = options.text('product') ?? 'Vault';
    const issued = await context.services.licenses.issue({ ...context.by, ...given, product, mayManage: true });
    if (!issued.ok) return describeCommandError(issued.error);
    return changeReply(context, issued.value.effectIds, { title: 'Issued' });
  },
};

describe('effects', () => {
  let world: BotWorld;
  let roleId: string;
  let memberId: string;
  let count = 0;

  beforeAll(async () => {
    world = await startBotWorld({ commands: [issue] });
    const { services, discord, guildId } = world;
    roleId = discord.addRole(guildId, { name: 'Buyers' });
    const by = { guildId, actor: { type: 'cli' } } as const;
    await services.products.create({ ...by, name: 'Vault', buyerRoleId: roleId });
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    memberId = world.discord.addUser({ username: `member${(count += 1)}` });
    world.discord.addMember(world.guildId, memberId);
    // So that no DM waits for the one before.
    world.advance(2000);
  });

  const by = () => ({ guildId: world.guildId, actor: { type: 'cli' } as const });
  const issueFor = (userId: string) =>
    world.discord.user(world.staffId).command(world.guildId, world.channelId, 'issue', { user: userId });
  /** What became of DMs and roles, once the reply says so. */
  const issueAndWait = async (userId: string) =>
    (await (await issueFor(userId)).until(({ reply }) => !(reply?.content ?? '⏳').includes('⏳'))).reply!;
  const keyOf = async (userId: string) => {
    const [license] = await world.storage.licensesOf(userId);
    return world.storage.licenseKey(world.guildId, license!.id);
  };

  test('an issued license gives the role and two DMs, the second only the key', async () => {
    const { discord, guildId } = world;
    const reply = await issueAndWait(memberId);
    expect(reply.content).toBe(`✅ The key reached <@${memberId}> by DM.\n✅ <@${memberId}> got 1 role.`);
    expect(discord.memberRoles(guildId, memberId)).toContain(roleId);
    const [about, key] = discord.dms(memberId);
    expect(about?.text).toMatch(/Vault.*Shop.*Never share/s);
    expect(about?.buttons.map(({ label }) => label)).toEqual(['My licenses', 'Guide']);
    expect(key?.content).toBe(await keyOf(memberId));
    expect(key?.embeds).toEqual([]);
  });

  test('the role is taken with the last license that earns it, and only if the bot gave it', async () => {
    const { discord, services, guildId, storage } = world;
    await issueAndWait(memberId);
    const byHand = discord.addRole(guildId, { name: `By hand ${count}` });
    discord.giveRole(guildId, memberId, byHand);
    const [license] = await storage.licensesOf(memberId);
    const suspended = await services.licenses.suspend({ ...by(), licenseId: license!.id, silent: true });
    if (!suspended.ok) throw new Error(suspended.error.code);
    world.bot.effects.wake();
    await world.bot.effects.settled(suspended.value.effectIds, 5000);
    expect(discord.memberRoles(guildId, memberId)).not.toContain(roleId);
    expect(discord.memberRoles(guildId, memberId)).toContain(byHand);
    expect(await storage.grantedRoles(guildId, memberId)).toEqual([]);
  });

  test('a change from outside the bot notifies the owner, with the reason as it was written', async () => {
    const { discord, services, storage } = world;
    await issueAndWait(memberId);
    const [license] = await storage.licensesOf(memberId);
    await services.licenses.suspend({ ...by(), licenseId: license!.id, reason: 'chargeback *now*' });
    world.advance(2000);
    const notice = await discord.until(() => discord.dms(memberId)[2]);
    expect(notice.text).toContain('was suspended');
    expect(notice.text).toContain('chargeback \\*now\\*');
  });

  test('closed DMs: the reply says so and posts a pick-up that only the owner can open', async () => {
    const { discord, staffId, channelId } = world;
    discord.closeDms(memberId);
    const reply = await issueAndWait(memberId);
    expect(reply.content).toContain('their DMs are closed');
    await discord.user(staffId).starting.click(reply, 'Post pick-up here');
    const pickUp = await discord.until(() => discord.notifications(memberId)[0]);
    expect(pickUp).toMatchObject({ channelId, ephemeral: false });
    const key = await keyOf(memberId);
    expect(pickUp.text).not.toContain(key);

    const stranger = await discord.user(staffId).click(pickUp, 'Show my key');
    expect(stranger.reply?.text).toContain('Only');
    const owner = await discord.user(memberId).click(pickUp, 'Show my key');
    expect(owner.reply?.ephemeral).toBe(true);
    await owner.until(({ followUps }) => followUps.length > 0);
    expect(owner.followUps.map(({ content, ephemeral }) => ({ content, ephemeral }))).toEqual([
      { content: key, ephemeral: true },
    ]);
  });

  test('a pick-up shows nothing any more once the license has another owner', async () => {
    const { discord, services, storage, staffId, buyerId } = world;
    discord.closeDms(memberId);
    await discord.user(staffId).starting.click(await issueAndWait(memberId), 'Post pick-up here');
    const pickUp = await discord.until(() => discord.notifications(memberId)[0]);
    const [license] = await storage.licensesOf(memberId);
    await services.licenses.reassign({ ...by(), licenseId: license!.id, ownerId: buyerId, silent: true });
    const owner = await discord.user(memberId).click(pickUp, 'Show my key');
    expect(owner.reply?.text).toContain('not yours any more');
  });

  test('a role above the bot’s own is reported to staff and audited, and the DM is sent all the same', async () => {
    const { discord, services, storage, guildId } = world;
    const high = discord.addRole(guildId, { name: 'High', position: 50 });
    discord.setBotRolePosition(guildId, 1);
    await services.products.create({ ...by(), name: `High ${count}`, buyerRoleId: high });
    const issued = await services.licenses.issue({
      ...by(),
      product: `High ${count}`,
      ownerId: memberId,
      mayManage: true,
    });
    if (!issued.ok) throw new Error(issued.error.code);
    world.bot.effects.wake();
    const effects = await world.bot.effects.settled(issued.value.effectIds, 5000);
    expect(effects.map(({ status }) => status).sort()).toEqual(['done', 'failed']);
    expect(effects.find(({ status }) => status === 'failed')?.outcome).toContain('drag my role above');
    const [event] = await storage.audit(guildId, { action: 'effect.failed' }, { limit: 1, beforeId: null });
    expect(event?.details).toMatchObject({ what: 'roles', userId: memberId });
    expect(await storage.grantedRoles(guildId, memberId)).toEqual([]);
    discord.setBotRolePosition(guildId, 60);
  });

  test('a deleted role is named with the products whose buyers should have it, and staff are alerted at once', async () => {
    const { discord, services, storage, guildId } = world;
    const gone = discord.addRole(guildId, { name: 'Gone_' });
    await services.products.create({ ...by(), name: '*Star*', buyerRoleId: gone });
    await services.settings.patch({ ...by(), patch: { 'roles.customer': gone } });
    discord.deleteRole(guildId, gone);
    const alert = async () => (await storage.alertsAfter(0, 20)).find(({ kind }) => kind === 'role-deleted');
    expect((await untilStored(alert)).text).toBe(
      'The role “Gone_” was deleted. It was the customer role and the buyer role of “*Star*”: ' +
        'choose another with /product edit and /settings edit.',
    );
    const issued = await services.licenses.issue({ ...by(), product: '*Star*', ownerId: memberId, mayManage: true });
    if (!issued.ok) throw new Error(issued.error.code);
    world.bot.effects.wake();
    const effects = await world.bot.effects.settled(issued.value.effectIds, 5000);
    expect(effects.find(({ status }) => status === 'failed')?.outcome).toBe(
      `<@&${gone}> was deleted. It was the customer role and the buyer role of **\\*Star\\***: ` +
        'choose another with `/product edit` and `/settings edit`.',
    );
    await services.settings.patch({ ...by(), patch: { 'roles.customer': null } });
  });

  test('no pick-up is offered where its owner cannot see it, and none is posted once they cannot', async () => {
    const { discord, staffId, guildId, channelId } = world;
    discord.closeDms(memberId);
    discord.setOverwrite(channelId, { id: memberId, deny: PermissionFlagsBits.ViewChannel });
    const hidden = await issueAndWait(memberId);
    expect(hidden.content).toContain(`<@${memberId}> cannot see this channel`);
    expect(hidden.buttons.map(({ label }) => label)).toEqual(['Post here']);
    discord.setOverwrite(channelId, { id: memberId, allow: PermissionFlagsBits.ViewChannel });
    world.advance(2000);
    const offered = await issueAndWait(memberId);
    discord.removeMember(guildId, memberId);
    const pressed = await discord.user(staffId).starting.click(offered, 'Post pick-up here');
    await pressed.until(({ followUps }) => followUps.length > 0);
    expect(pressed.followUps[0]).toMatchObject({ ephemeral: true, text: expect.stringContaining('cannot see') });
    expect(discord.notifications(memberId)).toEqual([]);
  });

  test('who is not in the server gets key and roles on joining, and the reply says so', async () => {
    const { discord, guildId } = world;
    const strangerId = discord.addUser({ username: `stranger${count}` });
    const reply = await issueAndWait(strangerId);
    expect(reply.content).toBe(`⚠️ <@${strangerId}> is not in this server: key and roles follow when they join.`);
    expect(reply.buttons.map(({ label }) => label)).toEqual(['Post here']);
    world.advance(2000);
    discord.addMember(guildId, strangerId);
    const key = await keyOf(strangerId);
    await discord.until(() => discord.dms(strangerId).some(({ content }) => content === key));
    await discord.until(() => discord.memberRoles(guildId, strangerId).includes(roleId));
  });

  test('who shares another server with the bot gets the key by DM, and is told to be missing in this one', async () => {
    const { discord, managerId } = world;
    const elsewhere = discord.addGuild({ name: `Elsewhere ${count}`, ownerId: managerId });
    const strangerId = discord.addUser({ username: `stranger${count}` });
    discord.addMember(elsewhere, strangerId);
    expect((await issueAndWait(strangerId)).content).toBe(
      `✅ The key reached <@${strangerId}> by DM.\n` +
        `⚠️ <@${strangerId}> is not in this server: their roles follow when they join.`,
    );
  });

  test('the reply comes before DM and roles are done, and is completed afterwards', async () => {
    const { discord } = world;
    const held = discord.hold(/^\/users\/@me\/channels/);
    const issued = await issueFor(memberId);
    expect(issued.reply?.content).toContain(`⏳ The DM with the key for <@${memberId}> is on its way.`);
    held.release();
    await issued.until(({ reply }) => reply?.content.includes('by DM') === true);
    expect(issued.reply?.embeds[0]?.title).toBe('Issued');
  });

  test('a bot that stops does not wait for DMs', async () => {
    const { discord } = world;
    const held = discord.hold(/^\/users\/@me\/channels/);
    const issued = await issueFor(memberId);
    const restarted = world.restart();
    await issued.until(({ reply }) => reply?.edited === true);
    expect(issued.reply?.content).toContain('⏳ The DM');
    held.release();
    await restarted;
  });

  test('an owner who is not in the server is named even where nothing follows', async () => {
    const { discord, services, storage, guildId } = world;
    const { product } = valueOf(await services.products.create({ ...by(), name: `Plain ${count}` }));
    const strangerId = discord.addUser({ username: `stranger${count}` });
    const options = { user: strangerId, product: product.name, silent: true };
    const issued = await discord.user(world.staffId).command(guildId, world.channelId, 'issue', options);
    await issued.until(({ reply }) => reply?.content === `⚠️ <@${strangerId}> is not in this server.`);
    expect(await storage.licensesOf(strangerId)).toHaveLength(1);
  });

  test('who leaves while a role is given counts as not in the server, not as an error', async () => {
    const { discord } = world;
    discord.inject({ status: 404, method: 'PUT', path: /\/roles\//, body: { code: 10007, message: 'Unknown Member' } });
    expect((await issueAndWait(memberId)).content).toContain(`✅ <@${memberId}> got 1 role.`);
  });

  test('a role is given after Discord had failed', async () => {
    const { discord, services, guildId } = world;
    discord.inject({ status: 500, method: 'PUT', path: /\/roles\//, times: 2 });
    await services.licenses.issue({ ...by(), product: 'Vault', ownerId: memberId, mayManage: true, silent: true });
    await discord.until(() => discord.memberRoles(guildId, memberId).includes(roleId));
  });
});
