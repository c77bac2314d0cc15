import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dmSpacingMs, type LicenseWorld, startLicenseWorld } from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

describe('licenses that are shared', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  let people = 0;
  function newMember(bot = false) {
    const id = world.discord.addUser({ username: `member${++people}`, bot });
    world.discord.addMember(world.guildId, id);
    const user = world.discord.user(id);
    return {
      id,
      mine: async (guildId: string | null = world.guildId) => {
        const channelId = guildId === null ? null : world.channelId;
        return (await user.command(guildId, channelId, 'mylicenses', {})).reply!;
      },
      click: async (reply: { readonly id: string }, label: string) => (await user.click(reply.id, label)).reply!,
      select: async (
        reply: { readonly id: string; readonly selects: readonly { customId: string }[] },
        value: string,
      ) => (await user.select(reply.id, reply.selects[0]!.customId, [value])).reply!,
      user,
    };
  }
  const labelsOf = (reply: { readonly buttons: readonly { readonly label: string | null }[] }) =>
    reply.buttons.map(({ label }) => label);

  async function sharedLicense() {
    const [owner, helper] = [newMember(), newMember()];
    const issued = await world.issue({ ownerId: owner.id, limits: { ip: '2' } });
    const shared = await owner.select(await owner.click(await owner.mine(), 'Share'), helper.id);
    return { owner, helper, shared, ...issued };
  }

  // First, because each message waits for those before it.
  test('the helper is notified by DM of the sharing and of its end', async () => {
    const { owner, helper, license } = await sharedLicense();
    const arrived = (words: string) =>
      world.discord.until(() => world.discord.dms(helper.id).some(({ text }) => text.includes(words)));
    world.advance(dmSpacingMs);
    await arrived(`is shared with you by <@${owner.id}>`);
    world.advance(dmSpacingMs);
    await world.staff('license unshare', { license: String(license.id), user: helper.id });
    await arrived('is no longer shared with you');
  });

  test('the owner shares one with a member, lets them see the key, and ends it', async () => {
    const { owner, helper, shared, license } = await sharedLicense();
    expect(shared.text).toContain('It is shared.');
    expect(shared.text).toContain(`<@${helper.id}>`);
    expect(shared.text).toContain('They do not see its key.');
    const open = await owner.click(shared, 'Let them see the key');
    expect(open.text).toContain('They see its key.');
    expect(await world.license(license.id)).toMatchObject({ helperIds: [helper.id], helpersSeeKey: true });
    const remove = labelsOf(open).find((label) => label?.startsWith('Remove'));
    const ended = await owner.click(open, remove!);
    expect(ended.text).toContain('It is shared with nobody.');
    expect((await owner.click(ended, '◀ Back')).text).toContain('Ready, not used yet');
    expect(await world.license(license.id)).toMatchObject({ helperIds: [] });
  });

  test('is not shared with a bot, or with more members than the server allows', async () => {
    const { owner, shared } = await sharedLicense();
    let reply = await owner.select(shared, newMember(true).id);
    expect(reply.text).toContain('cannot be shared with a bot');
    for (const member of [newMember(), newMember()]) reply = await owner.select(reply, member.id);
    expect(labelsOf(reply).filter((label) => label?.startsWith('Remove'))).toHaveLength(3);
    expect(reply.selects).toEqual([]);
  });

  test('a helper sees whose it is and forgets one machine, and has no button for what only the owner may do', async () => {
    const { owner, helper, key } = await sharedLicense();
    await world.check({ key, observedIp: '198.51.100.7' });
    await world.check({ key, observedIp: '198.51.100.8' });
    for (const card of [await helper.mine(), await helper.mine(null)]) {
      expect(card.text).toContain(`<@${owner.id}>`);
      expect(labelsOf(card)).toEqual(['Last checks']);
    }
    const card = await helper.mine();
    const [first, ...others] = card.selects[0]!.options;
    expect([first!.label, others]).toEqual([expect.stringContaining('198.51.100.'), [expect.anything()]]);
    expect((await helper.select(card, first!.value)).text).toContain('Forgotten: 1 IP');
  });

  test('a helper reads the key where the owner lets them', async () => {
    const { owner, helper, key, license } = await sharedLicense();
    const own = { userId: owner.id, licenseId: license.id };
    valueOf(await world.services.buyers.showKeyToHelpers({ ...own, isShown: true }));
    const card = await helper.mine();
    valueOf(await world.services.buyers.showKeyToHelpers({ ...own, isShown: false }));
    const hidden = await helper.user.click(card.id, 'Show key');
    expect(hidden.reply?.text).toContain('does not show its key');
    valueOf(await world.services.buyers.showKeyToHelpers({ ...own, isShown: true }));
    const shown = await helper.user.click(card.id, 'Show key');
    await shown.until(({ followUps }) => followUps.length === 1);
    expect(shown.followUps[0]).toMatchObject({ content: key, ephemeral: true });
  });

  test('in a DM the owner types the id of the user', async () => {
    const [owner, helper] = [newMember(), newMember()];
    const { license } = await world.issue({ ownerId: owner.id });
    const list = await owner.click(await owner.mine(null), 'Share');
    expect(list.selects).toEqual([]);
    const { modal } = await owner.user.click(list.id, 'Share with a user');
    const typed = await owner.user.submitModal(modal!, { user: helper.id });
    expect(typed.reply?.text).toContain('It is shared.');
    expect(await world.license(license.id)).toMatchObject({ helperIds: [helper.id] });
  });

  test('staff share one and stop it, and read on the card whom it is shared with', async () => {
    const [owner, helper] = [newMember(), newMember()];
    const { license } = await world.issue({ ownerId: owner.id });
    const target = { license: String(license.id) };
    const shared = await world.staff('license share', { ...target, user: helper.id });
    expect(shared.reply?.text).toContain(`is shared with <@${helper.id}> now`);
    const again = await world.staff('license share', { ...target, user: helper.id });
    expect(again.reply?.text).toContain('already shared');
    expect((await world.staff('license info', target)).reply?.text).toContain(`<@${helper.id}>`);
    const ended = await world.staff('license unshare', { ...target, user: helper.id });
    expect(ended.reply?.text).toContain('It is shared with nobody.');
    const bot = await world.staff('license share', { ...target, user: newMember(true).id });
    expect(bot.reply?.text).toContain('cannot be shared with a bot');
  });

  test('a license that is reassigned is no longer shared, and staff read so', async () => {
    const { helper, license } = await sharedLicense();
    const moved = await world.staff('license reassign', { license: String(license.id), user: newMember().id });
    expect(moved.reply?.text).toContain(`It is no longer shared with <@${helper.id}>`);
  });
});
