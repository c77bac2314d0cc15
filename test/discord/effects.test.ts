import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SlashCommandBuilder } from 'discord.js';
import type { SlashCommand } from '../../src/discord/framework/command.ts';
import { describeCommandError } from '../../src/texts/command-errors.ts';
import { untilStored } from '../support/until-stored.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';

/** What `/license issue` does, as far as effects are concerned. */
const issue: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('issue')
    .setDescription('Issues a license')
    .addUserOption((option) => option.setName('user').setDescription('For whom').setRequired(true)),
  access: 'license.issue',
  reply: 'private',
  run: async (context) => {
    const ownerId = context.options.userId('user');
    const issued = await context.services.licenses.issue({ ...context.by, product: 'Vault', ownerId, mayManage: true });
    if (!issued.ok) return describeCommandError(issued.error);
    const { lines, rows, dmArrived } = await context.delivered(issued.value.effectIds);
    return { content: [`Issued, arrived: ${dmArrived}.`, ...lines].join('\n'), rows };
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
  const keyOf = async (userId: string) => {
    const [license] = await world.storage.licensesOf(userId);
    return world.storage.licenseKey(world.guildId, license!.id);
  };

  test('an issued license gives the role and two DMs, the second only the key', async () => {
    const { discord, guildId } = world;
    const { reply } = await issueFor(memberId);
    expect(reply?.content).toBe('Issued, arrived: true.');
    expect(discord.memberRoles(guildId, memberId)).toContain(roleId);
    const [about, key] = discord.dms(memberId);
    expect(about?.text).toMatch(/Vault.*Shop.*Never share/s);
    expect(about?.buttons.map(({ label }) => label)).toEqual(['My licenses', 'Guide']);
    expect(key?.content).toBe(await keyOf(memberId));
    expect(key?.embeds).toEqual([]);
  });

  test('the role is taken with the last license that earns it, and only if the bot gave it', async () => {
    const { discord, services, guildId, storage } = world;
    await issueFor(memberId);
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
    await issueFor(memberId);
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
    const { reply } = await issueFor(memberId);
    expect(reply?.content).toContain('their DMs are closed');
    await discord.user(staffId).click(reply!, 'Post pick-up here');
    const pickUp = discord.messages(channelId).at(-1)!;
    expect(pickUp.pings.users).toEqual([memberId]);
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
    const { discord, services, storage, staffId, buyerId, channelId } = world;
    discord.closeDms(memberId);
    const { reply } = await issueFor(memberId);
    await discord.user(staffId).click(reply!, 'Post pick-up here');
    const pickUp = discord.messages(channelId).at(-1)!;
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

  test('who is not in the server gets no role and the effect ends', async () => {
    const { discord, bot, services } = world;
    const strangerId = discord.addUser({ username: `stranger${count}` });
    const issued = await services.licenses.issue({ ...by(), product: 'Vault', ownerId: strangerId, mayManage: true });
    if (!issued.ok) throw new Error(issued.error.code);
    bot.effects.wake();
    const effects = await bot.effects.settled(issued.value.effectIds, 5000);
    expect(effects.find(({ effect }) => effect.kind === 'roles')?.outcome).toBe('not a member');
  });

  test('a role is given after Discord had failed', async () => {
    const { discord, services, guildId } = world;
    discord.inject({ status: 500, method: 'PUT', path: /\/roles\//, times: 2 });
    await services.licenses.issue({ ...by(), product: 'Vault', ownerId: memberId, mayManage: true, silent: true });
    await discord.until(() => discord.memberRoles(guildId, memberId).includes(roleId));
  });
});
