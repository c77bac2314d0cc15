import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  dmSpacingMs,
  embedText,
  type LicenseWorld,
  publicText,
  startLicenseWorld,
} from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

describe('what buyers do for themselves', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  let people = 0;
  /** A new member of the guild, with functions to use commands as them. */
  function newBuyer() {
    const { discord, guildId, channelId } = world;
    const id = discord.addUser({ username: `buyer${++people}` });
    discord.addMember(guildId, id);
    const user = discord.user(id);
    return {
      id,
      inGuild: (name: string, options = {}) => user.command(guildId, channelId, name, options),
      inDm: (name: string, options = {}) => user.command(null, null, name, options),
      click: (reply: { readonly id: string } | undefined, label: string) => user.click(reply!.id, label),
      select: (
        reply: { readonly id: string; readonly selects: readonly { customId: string }[] } | undefined,
        value: string,
      ) => user.select(reply!.id, reply!.selects[0]!.customId, [value]),
      submit: user.submitModal,
    };
  }

  describe('/mylicenses', () => {
    test('a user without licenses reads how to get one', async () => {
      const { reply } = await newBuyer().inGuild('mylicenses');
      expect(reply?.ephemeral).toBe(true);
      expect(reply?.text).toContain('/redeem');
    });

    test('says that a license works, and since when, in the server and in a DM', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id, note: 'staff only' });
      expect((await buyer.inGuild('mylicenses')).reply?.text).toContain('Ready, not used yet');
      await world.check({ key });
      for (const { reply } of [await buyer.inGuild('mylicenses'), await buyer.inDm('mylicenses')]) {
        expect(reply?.text).toMatch(/Working, last check <t:\d+:R>/);
        expect(reply?.text).not.toContain('staff only');
        expect(reply?.text).not.toContain(key);
      }
    });

    test('names the machine that is in the way, and Forget it lets the new one in', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id, limits: { ip: '1' } });
      await world.check({ key, observedIp: '198.51.100.7' });
      await world.check({ key, observedIp: '203.0.113.5' });
      const { reply } = await buyer.inGuild('mylicenses');
      expect(reply?.text).toMatch(
        /`203\.0\.113\.5` was refused <t:\d+:R>: 1 of 1 IP used by `198\.51\.100\.7`, last seen <t:\d+:R>/,
      );
      const forgotten = await buyer.click(reply, 'Forget it');
      expect(forgotten.reply?.text).toContain('Forgotten: 1 IP');
      expect(await world.check({ key, observedIp: '203.0.113.5' })).toBe('granted');
    });

    test('a second reset on the same day is refused with the time from which it goes again', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id, limits: { ip: '2' } });
      await world.check({ key, observedIp: '198.51.100.7' });
      await world.check({ key, observedIp: '198.51.100.8' });
      const { reply } = await buyer.inGuild('mylicenses');
      const [, first] = reply!.selects[0]!.options;
      const one = await buyer.select(reply, first!.value);
      expect(one.reply?.text).toContain('Forgotten: 1 IP');
      const all = await buyer.select(one.reply, 'all');
      expect(all.reply?.text).toMatch(/the next one is possible after <t:\d+:f> \(<t:\d+:R>\)/);
      expect(all.reply?.text).toContain('IPs: 1 of 2');
    });

    test('shows the key to its owner alone, as a message of its own', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      const shown = await buyer.click(reply, 'Show key');
      await shown.until(({ followUps }) => followUps.length === 1);
      expect(shown.followUps[0]).toMatchObject({ content: key, ephemeral: true });
      expect(embedText(shown.reply!)).not.toContain(key);
      expect(publicText(world)).not.toContain(key);
    });

    test('shows the last checks', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id, limits: { ip: '1' } });
      await world.check({ key, observedIp: '198.51.100.7' });
      await world.check({ key, observedIp: '203.0.113.5' });
      const { reply } = await buyer.inGuild('mylicenses');
      const checks = await buyer.click(reply, 'Last checks');
      expect(checks.reply?.text).toContain('✅ granted');
      expect(checks.reply?.text).toContain('❌ too many IPs');
    });

    test('pauses and switches on again; the next check knows', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      const paused = await buyer.click(reply, 'Pause');
      expect(paused.reply?.text).toContain('Paused by you');
      expect(await world.check({ key })).toBe('switched-off');
      await buyer.click(paused.reply, 'Switch on');
      expect(await world.check({ key })).toBe('granted');
    });

    test('a suspended license offers no Pause, and an old button is refused', async () => {
      const buyer = newBuyer();
      const { license } = await world.issue({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      valueOf(await world.services.licenses.suspend({ ...world.by, licenseId: license.id, silent: true }));
      const refused = await buyer.click(reply, 'Pause');
      expect(refused.reply?.text).toContain('This license is suspended');
      const labels = ['Show key', 'Last checks', 'Share', 'All my licenses'];
      expect(refused.reply?.buttons.map(({ label }) => label)).toEqual(labels);
      expect((await world.license(license.id)).switchedOff).toBe(false);
    });

    test('of several the ones of this server come first, and one is picked', async () => {
      const buyer = newBuyer();
      const here = await world.issue({ ownerId: buyer.id });
      await world.issueElsewhere({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      expect(reply?.text).toContain('Your 2 licenses');
      expect(reply!.text.indexOf('Shop')).toBeLessThan(reply!.text.indexOf('Other'));
      const picked = await buyer.select(reply, String(here.license.id));
      expect(picked.reply?.text).toContain('Vault · Shop');
      const back = await buyer.click(picked.reply, 'All my licenses');
      expect(back.reply?.text).toContain('Your 2 licenses');
    });

    test('more than ten are shown in pages', async () => {
      const buyer = newBuyer();
      for (let index = 0; index < 12; index++) await world.issue({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      expect(reply?.selects[0]?.options).toHaveLength(10);
      const next = await buyer.click(reply, 'More ▶');
      expect(next.reply?.selects[0]?.options).toHaveLength(2);
      const back = await buyer.click(next.reply, '◀ Back');
      expect(back.reply?.selects[0]?.options).toHaveLength(10);
    });

    test('another user’s license cannot be picked, not even with a changed client', async () => {
      const [buyer, other] = [newBuyer(), newBuyer()];
      await world.issue({ ownerId: buyer.id });
      await world.issue({ ownerId: buyer.id });
      const theirs = await world.issue({ ownerId: other.id });
      const { reply } = await buyer.inGuild('mylicenses');
      const [menu] = reply!.selects;
      const user = world.discord.user(buyer.id);
      const picked = await user.select(reply!, menu!.customId, [String(theirs.license.id)], { forged: true });
      expect(picked.reply?.text).toContain('There is no such license');
    });

    test('a license that was reassigned meanwhile is no longer theirs', async () => {
      const [buyer, other] = [newBuyer(), newBuyer()];
      const { license, key } = await world.issue({ ownerId: buyer.id });
      const { reply } = await buyer.inGuild('mylicenses');
      const moved = { ...world.by, licenseId: license.id, ownerId: other.id, silent: true };
      valueOf(await world.services.licenses.reassign(moved));
      const shown = await buyer.click(reply, 'Show key');
      expect(shown.reply?.text).toContain('There is no such license');
      expect(shown.reply?.text).not.toContain(key);
      await buyer.click(reply, 'Pause');
      expect(await world.check({ key })).toBe('granted');
    });
  });

  describe('/redeem', () => {
    test('makes an unclaimed license theirs once, and sends the key', async () => {
      const [buyer, late] = [newBuyer(), newBuyer()];
      const { license, key } = await world.issue();
      world.advance(dmSpacingMs);
      const { reply } = await buyer.inGuild('redeem', { key: `"${key.toLowerCase()}"` });
      expect(reply?.ephemeral).toBe(true);
      expect(reply?.text).toContain('is yours');
      expect(embedText(reply!)).not.toContain(key);
      expect((await world.license(license.id)).ownerId).toBe(buyer.id);
      await world.discord.until(() => world.discord.dms(buyer.id).some(({ content }) => content === key));
      const second = await late.inGuild('redeem', { key });
      expect(second.reply?.text).toContain('That key is not known');
    });

    test('a key that somebody else has claimed is answered like an unknown one, with whom to ask', async () => {
      const [buyer, { services, by, staffRoleId }] = [newBuyer(), world];
      const taken = await world.issue({ ownerId: newBuyer().id });
      const answers = async () => [
        (await buyer.inGuild('redeem', { key: taken.key })).reply?.text,
        (await buyer.inGuild('redeem', { key: 'NNNNN-NNNNN-NNNNN-NNNNN-NNNNN' })).reply?.text,
      ];
      const [plain, unknown] = await answers();
      expect(plain).toContain('not known here, or somebody has taken it already');
      expect(plain).toContain('ask the staff of the server');
      expect(unknown).toBe(plain);

      valueOf(await services.settings.patch({ ...by, patch: { 'roles.license.reassign': [staffRoleId] } }));
      const [named, unknownNamed] = await answers();
      expect(named).toContain(`The staff here: <@&${staffRoleId}>.`);
      expect(unknownNamed).toBe(named);
      valueOf(await services.settings.patch({ ...by, patch: { 'roles.license.reassign': null } }));
    });

    test('without a key a form asks for it', async () => {
      const buyer = newBuyer();
      const { license, key } = await world.issue();
      world.advance(dmSpacingMs);
      const asked = await buyer.inDm('redeem');
      const done = await buyer.submit(asked.modal!, { 'Your key': key });
      expect(done.reply?.text).toContain('is yours');
      expect((await world.license(license.id)).ownerId).toBe(buyer.id);
    });

    test('a key in two servers asks which, in a DM', async () => {
      const buyer = newBuyer();
      const here = await world.issue({ key: 'TWICE-AAAAA-BBBBB-CCCCC-DDDDD' });
      const there = await world.issueElsewhere({ key: 'TWICE-AAAAA-BBBBB-CCCCC-DDDDD' });
      world.advance(dmSpacingMs);
      const asked = await buyer.inDm('redeem', { key: here.key });
      expect(asked.reply?.buttons.map(({ label }) => label).sort()).toEqual(['Other', 'Shop']);
      const done = await buyer.click(asked.reply, 'Other');
      expect(done.reply?.text).toContain('Other');
      const { guildId, id } = there.license;
      expect((await world.storage.license(guildId, { id }))?.ownerId).toBe(buyer.id);
      expect((await world.license(here.license.id)).ownerId).toBeNull();
    });

    test('a key that misses a group is explained as often as it takes, and works when it is whole', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue();
      for (let index = 0; index < 6; index++) {
        const { reply } = await buyer.inGuild('redeem', { key: key.slice(0, -6) });
        expect(reply?.text).toContain('this one has 20: a group is missing. Copy the whole key');
      }
      const { reply } = await buyer.inGuild('redeem', { key: `Key: ||${key.replaceAll('-', ' – ').toLowerCase()}||.` });
      expect(reply?.text).toContain('License redeemed');
    });

    test('one’s own key puts the roles right', async () => {
      const buyer = newBuyer();
      const { key } = await world.issue({ ownerId: buyer.id });
      const redeemed = await buyer.inGuild('redeem', { key });
      expect(redeemed.reply?.text).toContain('It is yours already');
      await redeemed.until(({ reply }) => reply?.text.includes('Your roles are right.') === true);
    });

    test('who is not in the server reads that the roles follow when they join', async () => {
      const { discord, services, by, guildId } = world;
      const roleId = discord.addRole(guildId, { name: 'Customers' });
      valueOf(await services.settings.patch({ ...by, patch: { 'roles.customer': roleId } }));
      const strangerId = discord.addUser({ username: 'stranger' });
      const { key } = await world.issue();
      world.advance(dmSpacingMs);
      const redeemed = await discord.user(strangerId).command(null, null, 'redeem', { key });
      await redeemed.until(({ reply }) => reply?.text.includes('Its roles follow when you join that server.') === true);
      discord.addMember(guildId, strangerId);
      await discord.until(() => discord.memberRoles(guildId, strangerId).includes(roleId));
      await discord.until(() => discord.dms(strangerId).some(({ content }) => content === key));
    });

    test('a key of another server is unknown here, and five wrong keys make one wait', async () => {
      const buyer = newBuyer();
      const foreign = await buyer.inGuild('redeem', { key: world.foreign.key });
      expect(foreign.reply?.text).toContain('That key is not known');
      for (let index = 0; index < 4; index++) await buyer.inGuild('redeem', { key: `WRONG-${index}` });
      const { key } = await world.issue();
      const { reply } = await buyer.inGuild('redeem', { key });
      expect(reply?.text).toContain('Too many wrong keys');
    });
  });
});
