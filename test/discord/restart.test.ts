import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commands } from '../../commands/index.ts';
import type { GivenOptions } from '../../playground/discord/control/command-options.ts';
import type { VisibleMessage } from '../../playground/discord/control/visible-message.ts';
import { type BotWorld, startBotWorld } from '../support/bot-world.ts';
import { valueOf } from '../support/open-services.ts';

describe('a bot that is restarted in the middle', () => {
  let world: BotWorld;
  beforeAll(async () => {
    world = await startBotWorld({ commands });
    const { services, guildId } = world;
    await services.guilds.ensure({ id: guildId, name: 'Shop' });
    await services.products.create({ ...by(), name: 'Vault' });
  });
  afterAll(() => world.stop());

  const by = () => ({ guildId: world.guildId, actor: { type: 'cli' } as const });
  const manager = () => world.discord.user(world.managerId);
  const run = async (words: string, options: GivenOptions = {}) =>
    (await manager().command(world.guildId, world.channelId, words, options)).reply!;
  const press = async (message: VisibleMessage, label: string) => (await manager().click(message, label)).reply!;
  const pick = async (message: VisibleMessage, placeholder: string, ...values: string[]) => {
    const menu = message.selects.find((one) => one.placeholder === placeholder);
    return (await manager().select(message, menu!.customId, values)).reply!;
  };
  async function issue(ownerId: string | null) {
    const input = { ...by(), product: 'Vault', ownerId, silent: true, mayManage: true };
    return valueOf(await world.services.licenses.issue(input)).issued[0]!;
  }

  test('/setup goes on at the step where it was, and nothing that was chosen is lost', async () => {
    const { services, guildId, channelId, staffRoleId } = world;
    let step = await pick(await run('setup'), 'Channel for alerts', channelId);
    await world.restart();
    step = await press(await press(step, 'Next'), 'Next');
    expect(step.text).toContain('Setup 3/6');
    await world.restart();
    step = await press(await pick(step, 'Staff roles', staffRoleId), 'Next');
    const form = await manager().click(step, 'Other numbers');
    await world.restart();
    const numbers = { 'How many IPs': '2', 'How many HWIDs': '3', 'How many MAC addresses': '4' };
    const written = await manager().submitModal(form.modal!, numbers);
    step = await press(await press(written.reply!, 'Next'), 'Finish');
    expect(step.text).toContain('Setup 6/6: done');
    expect(valueOf(await services.settings.view(guildId))).toMatchObject({
      'channels.alerts': channelId,
      'roles.license.issue': [staffRoleId],
      'limits.ip': 2,
      'limits.hwid': 3,
      'limits.mac': 4,
    });
  });

  test('a question is answered, and what was done is undone', async () => {
    const { services, guildId } = world;
    const { license } = await issue(null);
    const stateOf = async () => valueOf(await services.licenses.view(guildId, license.id)).state;
    const asked = await run('license delete', { license: String(license.id) });
    await world.restart();
    expect((await press(asked, 'Delete it')).text).toContain('License deleted');
    expect(await stateOf()).toBe('deleted');
    await run('license restore', { license: String(license.id) });
    const suspended = await run('license suspend', { license: String(license.id) });
    const listed = await run('blacklist add hwid', { hwid: 'MACHINE' });
    await world.restart();
    await press(suspended, 'Undo');
    await press(listed, 'Undo');
    expect(await stateOf()).toBe('active');
    expect(await services.blacklist.check(guildId, 'MACHINE')).toEqual([]);
  });

  test('a list turns its pages with the filters that it had', async () => {
    for (let index = 0; index < 12; index += 1) await issue(world.staffId);
    const first = await run('license list', { user: world.staffId });
    await world.restart();
    const second = await press(first, 'Older ▶');
    expect(second.text).toContain('12 licenses');
    expect(second.text.match(/\*\*Vault\*\*/g)).toHaveLength(2);
  });

  test('a form takes the key that is redeemed', async () => {
    const { discord, storage, guildId, channelId, buyerId } = world;
    const { key, license } = await issue(null);
    const buyer = discord.user(buyerId);
    const form = await buyer.command(guildId, channelId, 'redeem');
    await world.restart();
    const { reply } = await buyer.submitModal(form.modal!, { 'Your key': key });
    expect(reply?.text).toContain('License redeemed');
    expect((await storage.license(guildId, { id: license.id }))?.ownerId).toBe(buyerId);
  });

  test('a pick-up gives the key to its owner, and to no other user', async () => {
    const { discord, storage, guildId, channelId } = world;
    const closed = discord.addUser({ username: 'closed' });
    discord.addMember(guildId, closed);
    discord.closeDms(closed);
    world.advance(2000);
    const issued = await manager().command(guildId, channelId, 'license issue', { user: closed });
    await issued.until(({ reply }) => reply?.buttons.some(({ label }) => label === 'Post pick-up here') === true);
    await world.restart();
    await manager().starting.click(issued.reply!, 'Post pick-up here');
    const posted = await discord.until(() => discord.notifications(closed)[0]);
    await world.restart();
    const opened = await discord.user(closed).click(posted, 'Show my key');
    await opened.until(({ followUps }) => followUps.length > 0);
    const [license] = await storage.licensesOf(closed);
    expect(opened.followUps[0]?.content).toBe(await storage.licenseKey(guildId, license!.id));
    expect((await press(posted, 'Show my key')).text).toBe(`Only <@${closed}> can use this.`);
  });
});
