import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  dmSpacingMs,
  embedText,
  type LicenseWorld,
  publicText,
  startLicenseWorld,
} from '../../support/license-world.ts';
import { valueOf } from '../../support/open-services.ts';

const minuteMs = 60_000;

describe('commands that change a license', () => {
  let world: LicenseWorld;
  beforeAll(async () => {
    world = await startLicenseWorld();
  });
  afterAll(() => world.stop());

  const keyOf = async (licenseId: number) =>
    valueOf(await world.services.licenses.reveal({ ...world.by, licenseId })).key;
  const press = (userId: string, reply: { readonly id: string } | undefined, label: string) =>
    world.discord.user(userId).click(reply!.id, label);

  describe('suspend and resume', () => {
    test('the next check is denied, and the owner reads the reason', async () => {
      const { discord, buyerId, staff, check } = world;
      const { license, key } = await world.issue({ ownerId: buyerId });
      expect(await check({ key })).toBe('granted');
      const { reply } = await staff('license suspend', { license: String(license.id), reason: 'Charge **back**' });
      expect(await check({ key })).toBe('suspended');
      expect(reply?.text).toContain('Charge \\*\\*back\\*\\*');
      const notice = await discord.until(() => discord.dms(buyerId).find(({ text }) => text.includes('suspended')));
      expect(notice.text).toContain('Charge');
      const resumed = await staff('license resume', { license: key, silent: true });
      expect(resumed.reply?.text).toContain('no longer suspended');
      expect(await check({ key })).toBe('granted');
    });

    test('Undo takes back just that suspension', async () => {
      const { staffId, staff, check } = world;
      const { license, key } = await world.issue();
      const first = await staff('license suspend', { license: key });
      await staff('license resume', { license: key });
      world.advance(1);
      const second = await staff('license suspend', { license: key });
      expect((await press(staffId, first.reply, 'Undo')).reply?.text).toContain('can no longer be undone');
      expect((await world.license(license.id)).holds).toMatchObject([{ kind: 'staff' }]);
      await press(staffId, second.reply, 'Undo');
      expect(await check({ key })).toBe('granted');
    });

    test('what became of a DM is not written over what Undo has shown meanwhile', async () => {
      const { discord, buyerId, staff, staffId } = world;
      const { license } = await world.issue({ ownerId: buyerId });
      world.advance(dmSpacingMs);
      const held = discord.hold(/^\/channels\/\d+\/messages$/, 'POST');
      const suspended = await staff('license suspend', { license: String(license.id) });
      expect(suspended.reply?.content).toContain(`⏳ <@${buyerId}> is being notified.`);
      const undone = await press(staffId, suspended.reply, 'Undo');
      expect(undone.reply?.text).toContain('Suspension undone');
      held.release();
      world.advance(dmSpacingMs);
      await undone.until(({ reply }) => reply?.content.includes(`✅ <@${buyerId}> was notified.`) === true);
      // A bot that stops first finishes all replies.
      await world.restart();
      expect(suspended.reply?.text).toContain('Suspension undone');
    });

    test('suspending twice is refused in words', async () => {
      const { license } = await world.issue();
      await world.staff('license suspend', { license: String(license.id) });
      const { reply } = await world.staff('license suspend', { license: String(license.id) });
      expect(reply?.text).toContain('already suspended');
    });

    test('Resume lifts what staff decided, asks about each other hold, and Undo sets one again as it was', async () => {
      const { discord, buyerId, services, staff, staffId, by, check } = world;
      const { license, key } = await world.issue({ ownerId: buyerId });
      const target = { ...by, licenseId: license.id };
      valueOf(await services.licenses.suspend({ ...target, hold: 'refund', reason: 'case 7' }));
      valueOf(await services.licenses.suspend({ ...target, hold: 'lapsed', silent: true }));
      await staff('license suspend', { license: key, silent: true });
      const resumed = await staff('license resume', { license: key });
      expect(resumed.reply?.text).toContain(
        'It is still refused, because it is suspended because the purchase was refunded and because the subscription is unpaid.',
      );
      expect(await check({ key })).toBe('suspended');
      const asked = await staff('license resume', { license: key });
      expect(asked.reply?.text).toContain('The staff did not suspend it');
      expect(asked.reply?.text).toContain('case 7');
      const lifted = await press(staffId, asked.reply, 'Lift: refund');
      expect((await world.license(license.id)).holds).toMatchObject([{ kind: 'lapsed' }]);
      expect((await press(staffId, lifted.reply, 'Undo')).reply?.text).toContain('suspended because the purchase was');
      expect((await world.license(license.id)).holds).toMatchObject([{ kind: 'refund', reason: 'case 7' }, {}]);
      for (const label of ['refund', 'unpaid subscription']) {
        const { reply } = await staff('license resume', { license: key });
        await press(staffId, reply, `Lift: ${label}`);
      }
      expect(await check({ key })).toBe('granted');
      const notice = await discord.until(() => discord.dms(buyerId).find(({ text }) => text.includes('refunded')));
      expect(notice.text).toContain('Reason: case 7');
      expect(notice.text).toContain('If you were not refunded, ask the staff of the server.');
    });

    test('resuming says what else keeps it from working', async () => {
      const { license } = await world.issue();
      await world.services.licenses.switch({ ...world.by, licenseId: license.id, on: false });
      await world.staff('license suspend', { license: String(license.id) });
      const { reply } = await world.staff('license resume', { license: String(license.id) });
      expect(reply?.text).toContain('still refused');
    });
  });

  describe('extend', () => {
    test('runs from its end', async () => {
      const { license } = await world.issue({ expires: '10d' });
      await world.staff('license extend', { license: String(license.id), term: '30d' });
      const { expiresAt } = await world.license(license.id);
      expect(expiresAt!.getTime() - license.expiresAt!.getTime()).toBe(30 * 24 * 60 * minuteMs);
    });

    test('a text that is no term is refused with examples', async () => {
      const { license } = await world.issue({ expires: '10d' });
      const { reply } = await world.staff('license extend', { license: String(license.id), term: 'soon' });
      expect(reply?.text).toContain('30d');
    });
  });

  describe('edit', () => {
    test('changes what is given, and shows before and after but never the note', async () => {
      const { license } = await world.issue({ name: 'Old', note: 'a' });
      const { reply } = await world.staff('license edit', {
        license: String(license.id),
        name: 'none',
        note: 'owes us 5 €',
        'ip-limit': '3',
      });
      expect(await world.license(license.id)).toMatchObject({ name: null, note: 'owes us 5 €', limits: { ip: 3 } });
      expect(reply?.text).toContain('IP limit: `inherit` → `3`');
      expect(reply?.text).toContain('`Old` → `none`');
      expect(reply?.text).not.toContain('owes us');
    });

    test('a limit of 0 is asked about first', async () => {
      const { license } = await world.issue();
      const asked = await world.staff('license edit', { license: String(license.id), 'hwid-limit': '0' });
      expect((await world.license(license.id)).limits.hwid).toBe('inherit');
      await press(world.staffId, asked.reply, 'Set it to 0');
      expect((await world.license(license.id)).limits.hwid).toBe(0);
    });

    test('a kind that had no limit warns that no machine is bound yet', async () => {
      const { license } = await world.issue();
      const { reply } = await world.staff('license edit', { license: String(license.id), 'mac-limit': '2' });
      expect(reply?.content).toContain('MAC addresses were not limited before');
    });

    test('scope, points and forgetting are changed, reported, shown on the card and removed', async () => {
      const { license } = await world.issue({ ownerId: world.buyerId });
      const id = String(license.id);
      const given = { scope: 'pro', points: '5', 'points-limit': '10', 'points-refill': '2/hour' };
      const { reply } = await world.staff('license edit', { license: id, ...given, 'ip-forget-after': '12h' });
      expect(reply?.text).toContain('scope: `none` → `pro`');
      expect(reply?.text).toContain('point refill: `none` → `2/hour`');
      expect((await world.license(license.id)).points).toMatchObject({
        left: 5,
        limit: 10,
        amount: 2,
        interval: 'hour',
      });
      const card = (await world.staff('license info', { license: id })).reply?.text ?? '';
      for (const part of ['`pro`', '5 of 10, 2/hour come back', 'IPs: 12 hours']) expect(card).toContain(part);
      expect(card).toContain(await world.storage.customerId(world.guildId, world.buyerId));
      await world.staff('license edit', { license: id, scope: 'none', points: 'unlimited' });
      expect(await world.license(license.id)).toMatchObject({ scope: null, points: { left: null, amount: 2 } });
      const wrong = await world.staff('license edit', { license: id, 'points-refill': '2/week' });
      expect(wrong.reply?.text).toContain('Write how points come back');
    });

    test('only Manage Server may make it a staff license', async () => {
      const { license } = await world.issue();
      const { reply } = await world.staff('license edit', { license: String(license.id), staff: true });
      expect(reply?.text).toContain('Manage Server');
      expect((await world.license(license.id)).staff).toBe(false);
    });
  });

  describe('reassign', () => {
    test('moves it, forgets its machines, and offers a new key because the old owner knows it', async () => {
      const { discord, guildId, buyerId, staff, staffId, check } = world;
      const second = discord.addUser({ username: 'second' });
      discord.addMember(guildId, second);
      const { license, key } = await world.issue({ ownerId: buyerId, limits: { ip: '1' } });
      await check({ key, observedIp: '198.51.100.7' });
      const { reply } = await staff('license reassign', { license: key, user: second, silent: true });
      expect(reply?.content).toContain(`<@${buyerId}>`);
      expect((await world.license(license.id)).ownerId).toBe(second);
      expect(await check({ key, observedIp: '203.0.113.9' })).toBe('granted');
      world.advance(dmSpacingMs);
      const rekeyed = await press(staffId, reply, 'New key');
      expect(rekeyed.reply?.text).toContain('has a new key');
      expect(await check({ key })).toBe('license-unknown');
      const newKey = await keyOf(license.id);
      expect(rekeyed.reply?.text).not.toContain(newKey);
      await discord.until(() => discord.dms(second).some(({ content }) => content === newKey));
    });

    test('keeps the machines where asked to, and warns of nothing with a new key', async () => {
      const { discord, guildId, buyerId, staff, check } = world;
      const third = discord.addUser({ username: 'third' });
      discord.addMember(guildId, third);
      const { license, key } = await world.issue({ ownerId: buyerId, limits: { ip: '1' } });
      await check({ key, observedIp: '198.51.100.7' });
      const given = { license: key, user: third, 'keep-machines': true, 'new-key': true, silent: true };
      const { reply } = await staff('license reassign', given);
      expect(reply?.content).not.toContain('knows the key');
      expect(await check({ key: await keyOf(license.id), observedIp: '203.0.113.9' })).toBe('ip-limit');
    });

    test('the same user changes nothing and says so', async () => {
      const { buyerId, staff } = world;
      const { license } = await world.issue({ ownerId: buyerId });
      const { reply } = await staff('license reassign', { license: String(license.id), user: buyerId });
      expect(reply?.text).toContain('nothing was changed');
    });
  });

  describe('rekey and resend', () => {
    test('an owner gets the new key; the person who asked sees no part of it', async () => {
      const { discord, buyerId, staff } = world;
      const { license, key } = await world.issue({ ownerId: buyerId });
      world.advance(dmSpacingMs);
      const { reply, followUps } = await staff('license rekey', { license: key });
      const newKey = await keyOf(license.id);
      expect(newKey).not.toBe(key);
      expect(`${reply?.text}${followUps.length}`).not.toContain(newKey);
      await discord.until(() => discord.dms(buyerId).some(({ content }) => content === newKey));
    });

    test('of an unclaimed license the staff member gets it, in a private message alone', async () => {
      const { license, key } = await world.issue();
      const done = await world.manager('license rekey', { license: key });
      await done.until(({ followUps }) => followUps.length === 1);
      expect(done.followUps[0]).toMatchObject({ content: await keyOf(license.id), ephemeral: true });
      expect(embedText(done.reply!)).not.toContain(await keyOf(license.id));
    });

    test('resend goes to the owner and not to staff', async () => {
      const { discord, buyerId, staff } = world;
      const { license, key } = await world.issue({ ownerId: buyerId });
      world.advance(dmSpacingMs);
      const { reply } = await staff('license resend', { license: String(license.id) });
      expect(reply?.text).not.toContain(key);
      await discord.until(() => discord.dms(buyerId).some(({ content }) => content === key));
    });

    test('resending the key of an unclaimed license is refused', async () => {
      const { license } = await world.issue();
      const { reply } = await world.staff('license resend', { license: String(license.id) });
      expect(reply?.text).toContain('Nobody owns this license yet');
    });
  });

  describe('reset', () => {
    test('forgets one machine by its choice, and Undo remembers it', async () => {
      const { discord, staff, staffId, guildId, channelId, check } = world;
      const { license, key } = await world.issue({ limits: { ip: '1' } });
      await check({ key, observedIp: '198.51.100.7' });
      const typed = { license: String(license.id), what: '198' };
      const offered = await discord.user(staffId).autocomplete(guildId, channelId, 'license reset', 'what', typed);
      expect(offered.choices).toHaveLength(1);
      const what = String(offered.choices![0]!.value);
      const { reply } = await staff('license reset', { license: String(license.id), what, silent: true });
      expect(reply?.text).toContain('has forgotten 1 IP');
      await press(staffId, reply, 'Undo');
      expect(await check({ key, observedIp: '203.0.113.9' })).toBe('ip-limit');
    });

    test('forgets everything, and the next machine takes the place', async () => {
      const { staff, check } = world;
      const { license, key } = await world.issue({ limits: { ip: '1' } });
      await check({ key, observedIp: '198.51.100.7' });
      await staff('license reset', { license: String(license.id), what: 'all', silent: true });
      expect(await check({ key, observedIp: '203.0.113.9' })).toBe('granted');
    });

    test('a machine that does not use it is refused', async () => {
      const { license } = await world.issue();
      const { reply } = await world.staff('license reset', { license: String(license.id), what: '192.0.2.1' });
      expect(reply?.text).toContain('No such machine');
    });
  });

  describe('delete and restore', () => {
    test('needs Manage Server', async () => {
      const { license } = await world.issue();
      const { reply } = await world.staff('license delete', { license: String(license.id) });
      expect(reply?.text).toContain('Manage Server');
    });

    test('asks first, deletes, and restore brings it back', async () => {
      const { manager, managerId, check, discord, guildId, channelId } = world;
      const { license, key } = await world.issue();
      const asked = await manager('license delete', { license: String(license.id) });
      expect(await check({ key })).toBe('granted');
      const deleted = await press(managerId, asked.reply, 'Delete it');
      expect(deleted.reply?.text).toContain(`/license restore ${license.id}`);
      expect(await check({ key })).toBe('license-unknown');
      const { choices } = await discord.user(managerId).autocomplete(guildId, channelId, 'license restore', 'license');
      expect(choices?.map(({ value }) => value)).toEqual([String(license.id)]);
      const again = await manager('license delete', { license: String(license.id) });
      expect(again.reply?.text).toContain('is deleted');
      await manager('license restore', { license: String(license.id) });
      expect(await check({ key })).toBe('granted');
    });
  });

  const changes: readonly (readonly [string, Record<string, string>])[] = [
    ['license suspend', {}],
    ['license resume', {}],
    ['license extend', { term: '30d' }],
    ['license edit', { name: 'Mine' }],
    ['license rekey', {}],
    ['license resend', {}],
    ['license reset', { what: 'all' }],
    ['license delete', {}],
    ['license restore', {}],
  ];

  test.each(changes)('/%s does not find a license of another server, by id or by key', async (name, options) => {
    const { foreign, manager, managerId, storage } = world;
    const before = await storage.license(foreign.license.guildId, { id: foreign.license.id });
    for (const text of [String(foreign.license.id), foreign.key, foreign.license.keySuffix]) {
      const { reply } = await manager(name, { license: text, ...options });
      expect(reply?.text).toContain('There is no such license in this server');
    }
    const reassigned = await manager('license reassign', { license: foreign.key, user: managerId });
    expect(reassigned.reply?.text).toContain('There is no such license in this server');
    expect(await storage.license(foreign.license.guildId, { id: foreign.license.id })).toEqual(before);
  });

  test.each(changes)('/%s refuses members whom its role list leaves out', async (name, options) => {
    const { services, by, staff, managerId } = world;
    const actions = ['edit', 'suspend', 'reassign', 'rekey', 'resend', 'reset', 'delete'] as const;
    const patch = Object.fromEntries(actions.map((action) => [`roles.license.${action}`, [managerId]]));
    await services.settings.patch({ ...by, patch });
    const { license } = await world.issue();
    const { reply } = await staff(name, { license: String(license.id), ...options });
    expect(reply?.text).toContain('You cannot do this');
    expect(await world.license(license.id)).toEqual(license);
    await services.settings.patch({ ...by, patch: Object.fromEntries(Object.keys(patch).map((key) => [key, null])) });
  });

  test('nothing that was said in public holds a key', () => {
    expect(publicText(world)).not.toMatch(/[A-Z2-9]{5}-[A-Z2-9]{5}/);
  });

  // Last, because so long a leap in time also ends the bot's lease on sending DMs.
  test('after 15 minutes Undo is too old', async () => {
    const { staffId, staff } = world;
    const { license } = await world.issue();
    const { reply } = await staff('license suspend', { license: String(license.id) });
    world.advance(15 * minuteMs);
    const late = await press(staffId, reply, 'Undo');
    expect(late.followUps[0]?.text ?? late.reply?.text).toContain('a few minutes only');
    expect((await world.license(license.id)).holds).toMatchObject([{ kind: 'staff' }]);
  });
});
