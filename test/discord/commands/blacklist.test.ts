import { savedStateNote } from '../../../src/domain/notes.ts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { VisibleMessage } from '../../../playground/discord/control/visible-message.ts';
import type { BlacklistEntry } from '../../../src/domain/blacklist/blacklist.ts';
import { describeEntry } from '../../../src/discord/texts/blacklist.ts';
import { type ManagerWorld, pingsIn, publicTexts, startManagerWorld } from '../../support/manager-world.ts';
import { valueOf } from '../../support/open-services.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe('/blacklist', () => {
  let world: ManagerWorld;
  beforeAll(async () => {
    world = await startManagerWorld();
    await world.services.products.create({ ...world.by, name: 'Vault' });
  });
  afterAll(() => world.stop());

  const staffPress = (message: VisibleMessage | undefined, label: string) =>
    world.discord.user(world.staffId).click(message!, label);
  const entries = () => world.services.blacklist.list(world.guildId, null, { limit: 100, beforeId: null });
  const newest = async () => (await entries())[0];

  describe('add', () => {
    test('the next check from that IP is refused, for 30 days', async () => {
      const { key } = await world.issue();
      expect(await world.check({ key, observedIp: '198.51.100.1' })).toBe('granted');
      const { reply } = await world.staff('blacklist add ip', { ip: '198.51.100.1', reason: 'resells **keys**' });
      expect(await world.check({ key, observedIp: '198.51.100.1' })).toBe('ip-blacklisted');
      expect(reply?.ephemeral).toBe(true);
      expect(reply?.text).toContain('1 license and 0 owners');
      expect(reply?.text).toContain('resells \\*\\*keys\\*\\*');
      const entry = await newest();
      const days = (entry!.expiresAt!.getTime() - entry!.createdAt.getTime()) / dayMs;
      expect(days).toBeCloseTo(30, 3);
      expect(entry?.createdBy).toBe(`user:${world.staffId}`);
    });

    test('a duration replaces the 30 days, and other kinds never end by themselves', async () => {
      await world.staff('blacklist add ip', { ip: '198.51.100.2', duration: 'never' });
      expect((await newest())?.expiresAt).toBeNull();
      await world.staff('blacklist add hwid', { hwid: 'MACHINE-A' });
      expect((await newest())?.expiresAt).toBeNull();
      const refused = await world.staff('blacklist add hwid', { hwid: 'MACHINE-B', duration: 'soon' });
      expect(refused.reply?.text).toContain('That is no expiry');
    });

    test('a country is taken by its name, too', async () => {
      const { reply } = await world.staff('blacklist add country', { country: 'germany' });
      expect(reply?.text).toContain('Germany (DEU)');
      expect(await newest()).toMatchObject({ type: 'country', value: 'DEU' });
    });

    test('an IP that several licenses use is asked about first, naming how many it hits', async () => {
      const owner = world.buyerId;
      const mine = await world.issue({ ownerId: owner });
      const yours = await world.issue();
      for (const { key } of [mine, yours]) await world.check({ key, observedIp: '198.51.100.17' });
      for (let times = 0; times < 3; times++) await world.check({ key: yours.key, observedIp: '192.0.2.200' });
      const asked = await world.staff('blacklist add ip', { ip: '198.51.100.16/28', reason: 'school' });
      expect(asked.reply?.text).toContain('2 licenses and 1 owner');
      expect(await world.check({ key: mine.key, observedIp: '198.51.100.17' })).toBe('granted');
      const done = await staffPress(asked.reply, 'Blacklist it');
      expect(done.reply?.text).toContain('Reason: school');
      expect(await world.check({ key: mine.key, observedIp: '198.51.100.17' })).toBe('ip-blacklisted');
      await staffPress(done.reply, 'Undo');
      expect(await world.check({ key: mine.key, observedIp: '198.51.100.17' })).toBe('granted');
    });

    test('a shared HWID asks first, and cancelling leaves it in', async () => {
      for (const { key } of [await world.issue(), await world.issue()]) await world.check({ key, hwid: 'shared' });
      const asked = await world.staff('blacklist add hwid', { hwid: 'SHARED' });
      expect(asked.reply?.text).toContain('2 licenses');
      await staffPress(asked.reply, 'Cancel');
      expect(valueOf(await world.services.blacklist.assess(world.guildId, 'hwid', 'shared')).impact.licenses).toBe(2);
      expect(await world.services.blacklist.check(world.guildId, 'shared')).toEqual([]);
    });

    test('a key is named by its last group alone', async () => {
      const { key } = await world.issue();
      const { reply } = await world.staff('blacklist add key', { key: `\`${key}\`` });
      expect(await world.check({ key })).toBe('key-blacklisted');
      expect(reply?.text).toContain(key.slice(-5));
      expect(reply?.text).not.toContain(key);
    });

    test('users and countries are refused, and countries complete from their names', async () => {
      const { key } = await world.issue({ ownerId: world.managerId });
      await world.staff('blacklist add user', { user: world.managerId });
      expect(await world.check({ key })).toBe('user-blacklisted');
      expect(await world.choices(world.staffId, 'blacklist add country', 'country', { country: 'germ' })).toEqual([
        'DEU',
      ]);
      const { reply } = await world.staff('blacklist add country', { country: 'DEU' });
      expect(reply?.text).toContain('Germany (DEU)');
      const other = await world.issue();
      expect(await world.check({ key: other.key, country: 'DEU' })).toBe('country-blacklisted');
    });

    test('what is no address is refused in words', async () => {
      const { reply } = await world.staff('blacklist add ip', { ip: '300.1.2.3' });
      expect(reply?.text).toContain('Write an address');
    });
  });

  describe('Undo', () => {
    test('puts the reason and end back that were replaced', async () => {
      await world.staff('blacklist add hwid', { hwid: 'twice', reason: 'first', duration: '7d' });
      const before = await newest();
      const again = await world.staff('blacklist add hwid', { hwid: 'TWICE', reason: 'second' });
      expect(again.reply?.text).toContain('its reason and end are new');
      await staffPress(again.reply, 'Undo');
      expect(await newest()).toEqual(before);
    });

    test('is refused where the entry was changed since', async () => {
      const first = await world.staff('blacklist add hwid', { hwid: 'changed', reason: 'mine' });
      await world.manager('blacklist add hwid', { hwid: 'changed', reason: 'theirs' });
      const undone = await staffPress(first.reply, 'Undo');
      expect(undone.reply?.text).toContain('can no longer be undone');
      expect((await newest())?.reason).toBe('theirs');
    });

    test('is too late after 15 minutes', async () => {
      const { reply } = await world.staff('blacklist add hwid', { hwid: 'late' });
      world.advance(15 * minuteMs);
      const late = await staffPress(reply, 'Undo');
      expect(late.reply?.text).toContain('a few minutes only');
      expect((await newest())?.value).toBe('late');
    });

    test('is refused where what was saved for it does not fit', async () => {
      const { reply } = await world.staff('blacklist add hwid', { hwid: 'misfit' });
      for (const slot of ['0', '1', '2', '3', '4', '5', '6', '7']) {
        const name = savedStateNote(world.staffId, slot);
        const saved = await world.storage.note(name);
        if (saved !== null) await world.storage.setNote(name, saved.replaceAll('"createdAt"', '"madeAt"'), null);
      }
      const undone = await staffPress(reply, 'Undo');
      expect(undone.reply?.text).toContain('can no longer be undone');
      expect((await newest())?.value).toBe('misfit');
    });

    test('brings a removed key back, which is stored nowhere in clear', async () => {
      const { key } = await world.issue();
      await world.staff('blacklist add key', { key, reason: 'leaked' });
      const entry = await newest();
      const removed = await world.staff('blacklist remove', { entry: `#${entry!.id}` });
      expect(await world.check({ key })).toBe('granted');
      await staffPress(removed.reply, 'Undo');
      expect(await world.check({ key })).toBe('key-blacklisted');
      expect((await newest())?.reason).toBe('leaked');
    });

    test('of a removal is refused where the value was blacklisted again', async () => {
      await world.staff('blacklist add hwid', { hwid: 'back', reason: 'old' });
      const removed = await world.staff('blacklist remove', { entry: 'BACK' });
      await world.staff('blacklist add hwid', { hwid: 'back', reason: 'new' });
      const undone = await staffPress(removed.reply, 'Undo');
      expect(undone.reply?.text).toContain('can no longer be undone');
      expect((await newest())?.reason).toBe('new');
    });
  });

  describe('remove, list and check', () => {
    test('an entry is removed by what it is about, and completes to its number', async () => {
      await world.staff('blacklist add hwid', { hwid: 'Gone-1' });
      const { id } = (await newest())!;
      expect(await world.choices(world.staffId, 'blacklist remove', 'entry', { entry: 'gone' })).toEqual([`#${id}`]);
      const { reply } = await world.staff('blacklist remove', { entry: 'gone-1' });
      expect(reply?.text).toContain('let in again');
      expect(await world.services.blacklist.check(world.guildId, 'gone-1')).toEqual([]);
    });

    test('a text that several kinds have is asked about by number', async () => {
      await world.staff('blacklist add ip', { ip: 'node-7' });
      await world.staff('blacklist add hwid', { hwid: 'node-7' });
      const [second, first] = await entries();
      const { reply } = await world.staff('blacklist remove', { entry: 'node-7' });
      expect(reply?.text).toContain(`#${first!.id}`);
      expect(reply?.text).toContain(`#${second!.id}`);
      expect(await world.services.blacklist.check(world.guildId, 'node-7')).toHaveLength(2);
    });

    test('entries of another guild are not found, completed, listed or matched', async () => {
      const made = await world.services.blacklist.add({ ...world.other, type: 'hwid', value: 'foreign' });
      const { id } = valueOf(made).entry;
      const { reply } = await world.staff('blacklist remove', { entry: `#${id}` });
      expect(reply?.text).toBe('That is not on the blacklist.');
      expect(await world.choices(world.staffId, 'blacklist remove', 'entry', { entry: 'foreign' })).toEqual([]);
      expect((await world.staff('blacklist list')).reply?.text).not.toContain('foreign');
      expect((await world.staff('blacklist check', { value: 'foreign' })).reply?.text).toContain('Nothing');
      expect(await world.services.blacklist.check('200000000000000001', 'foreign')).toHaveLength(1);
    });

    test('the list keeps its filter from page to page', async () => {
      for (let number = 1; number <= 12; number++) {
        await world.services.blacklist.add({ ...world.by, type: 'ip', value: `192.0.2.${number}` });
        await world.services.blacklist.add({ ...world.by, type: 'hwid', value: `page-${number}` });
      }
      const { reply } = await world.staff('blacklist list', { type: 'ip' });
      expect(reply?.text).toContain('`192.0.2.12`');
      expect(reply?.text).not.toContain('`192.0.2.2`');
      const older = await staffPress(reply, 'Older ▶');
      expect(older.reply?.text).toContain('`192.0.2.2`');
      expect(older.reply?.text).not.toContain('page-');
    });

    test('check names the entry that covers an address, and never repeats a key', async () => {
      await world.staff('blacklist add ip', { ip: '100.64.0.0/24' });
      const found = await world.staff('blacklist check', { value: '100.64.0.77' });
      expect(found.reply?.text).toContain('100.64.0.0/24');
      const { key } = await world.issue();
      await world.services.blacklist.add({ ...world.by, type: 'key', value: key });
      const checked = await world.staff('blacklist check', { value: key });
      expect(checked.reply?.text).toContain('Blacklisted');
      expect(checked.reply?.text).not.toContain(key);
    });
  });

  test('a member without the role is refused with what is missing', async () => {
    const { services, by, discord, guildId } = world;
    const role = discord.addRole(guildId, { name: 'Bouncer' });
    await services.settings.patch({ ...by, patch: { 'roles.blacklist': [role] } });
    const { reply } = await world.staff('blacklist add hwid', { hwid: 'never' });
    expect(reply?.text).toContain(`<@&${role}>`);
    expect(await services.blacklist.check(guildId, 'never')).toEqual([]);
    expect(await world.choices(world.staffId, 'blacklist remove', 'entry')).toEqual([]);
    await services.settings.patch({ ...by, patch: { 'roles.blacklist': null } });
  });

  test('no user is pinged, and nothing is public until it is posted', async () => {
    const { reply } = await world.staff('blacklist add hwid', { hwid: 'x', reason: '@everyone <@1234567890123456>' });
    expect(publicTexts(world)).toBe('');
    await staffPress(reply, 'Post here');
    expect(publicTexts(world)).toContain('Blacklisted');
    expect(pingsIn(world)).toEqual([]);
  });
});

describe('blacklist texts', () => {
  const entry: BlacklistEntry = {
    id: 7,
    guildId: '1',
    type: 'hwid',
    value: '`@everyone`\n',
    match: '',
    reason: '[free](https://x.y)',
    expiresAt: null,
    hits: 1,
    createdAt: new Date(0),
    createdBy: 'cli',
  };

  test('an entry is one line whatever clients and staff wrote', () => {
    const line = describeEntry(entry);
    expect(line).not.toContain('\n');
    expect(line).not.toContain('](https://');
    expect(line).toContain('1 hit');
  });
});
