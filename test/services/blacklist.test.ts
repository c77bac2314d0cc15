import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dayMs = 86_400_000;

describe('adding an entry', () => {
  test('binds the next check, is recorded, and names whom it hits', async () => {
    const { services, storage, issue, check } = await open();
    const one = await issue({ ownerId: alice });
    const other = await issue({ ownerId: bob });
    await issue({ ownerId: bob });
    await check({ key: one.key, observedIp: '203.0.113.7' });
    await check({ key: other.key, observedIp: '203.0.113.9' });
    const input = {
      guildId: 'g1',
      actor: staffMember,
      type: 'ip',
      value: '203.0.113.0/24',
      reason: 'proxy',
      confirmed: '203.0.113.0/24',
    } as const;
    const { impact } = valueOf(await services.blacklist.assess('g1', 'ip', '203.0.113.0/29'));
    expect(impact).toMatchObject({ licenses: 1, owners: 1 });
    const added = valueOf(await services.blacklist.add(input));
    expect(added).toMatchObject({
      entry: { type: 'ip', value: '203.0.113.0/24', reason: 'proxy', createdBy: 'user:900000000000000001' },
      replaced: null,
      impact: { licenses: 2, owners: 2 },
    });
    expect(await check({ key: one.key, observedIp: '203.0.113.7' })).toMatchObject({ denial: 'ip-blacklisted' });
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'blacklist.added', subject: `blacklist:${added.entry.id}`, reason: 'proxy' });
  });

  test('an IP is for 30 days unless said otherwise, everything else for ever', async () => {
    const { services, clock } = await open();
    const add = async (own: object) => {
      const input = { ...by(), type: 'ip', value: '203.0.113.5', ...own } as const;
      return valueOf(await services.blacklist.add(input)).entry.expiresAt;
    };
    const inDays = (days: number) => new Date(clock.now().getTime() + days * dayMs);
    expect(await add({})).toEqual(inDays(30));
    expect(await add({ for: '7d' })).toEqual(inDays(7));
    expect(await add({ for: '12h' })).toEqual(inDays(0.5));
    expect(await add({ for: '2027-01-31' })).toEqual(new Date('2027-01-31T23:59:59.999Z'));
    expect(await add({ for: 'never' })).toBeNull();
    expect(await add({ type: 'hwid' })).toBeNull();
  });

  test('counts HWIDs in any case, owners of users, holders of keys, and grants from countries', async () => {
    const { services, issue, check } = await open();
    const { key } = await issue({ ownerId: alice });
    const unclaimed = await issue();
    await check({ key, hwid: 'Board 7', country: 'DEU' });
    const preview = async (type: 'hwid' | 'user' | 'key' | 'country', value: string) =>
      valueOf(await services.blacklist.assess('g1', type, value)).impact;
    expect(await preview('hwid', 'BOARD 7')).toMatchObject({ licenses: 1, owners: 1 });
    expect(await preview('user', `<@${alice}>`)).toMatchObject({ licenses: 1, owners: 1 });
    expect(await preview('user', bob)).toMatchObject({ licenses: 0, owners: 0 });
    expect(await preview('key', `\`${key.toLowerCase()}\``)).toMatchObject({ licenses: 1, owners: 1 });
    expect(await preview('key', unclaimed.key)).toMatchObject({ licenses: 1, owners: 0 });
    expect(await preview('key', 'nothing')).toMatchObject({ licenses: 0, owners: 0 });
    expect(await preview('country', 'germany')).toMatchObject({ licenses: 1, owners: 1 });
    expect(await preview('country', 'FR')).toMatchObject({ licenses: 0, owners: 0 });
  });

  test('a key is stored as its last group only, and bites', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue();
    const { entry } = valueOf(await services.blacklist.add({ ...by(), type: 'key', value: key.toLowerCase() }));
    expect(entry.value).toBe(`…${license.keySuffix}`);
    expect(await check({ key })).toMatchObject({ denial: 'key-blacklisted' });
    expect(valueOf(await services.blacklist.find('g1', 'key', key.toLowerCase())).id).toBe(entry.id);
    expect(codeOf(await services.blacklist.find('g1', 'key', 'nothing'))).toBe('blacklist-not-found');
  });

  test.each([
    ['blacklist-value-invalid', { value: '203.0.113.256' }],
    ['blacklist-value-invalid', { type: 'user', value: 'alice' }],
    ['blacklist-value-invalid', { type: 'key', value: '' }],
    ['text-too-long', { reason: 'x'.repeat(501) }],
    ['invalid-expiry', { for: 'soon' }],
    ['invalid-duration', { for: '30d@activation' }],
    ['guild-not-found', { guildId: 'g9' }],
  ])('is refused with %s for %j', async (code, own) => {
    const { services } = await open();
    const input = { ...by(), type: 'ip', value: '203.0.113.5', ...own } as Parameters<typeof services.blacklist.add>[0];
    expect(codeOf(await services.blacklist.add(input))).toBe(code);
    expect(await services.blacklist.count('g1')).toBe(0);
  });

  test('a value that is none cannot be previewed or looked up', async () => {
    const { services } = await open();
    expect(codeOf(await services.blacklist.assess('g1', 'country', 'Mars'))).toBe('blacklist-value-invalid');
    expect(codeOf(await services.blacklist.find('g1', 'country', 'Mars'))).toBe('blacklist-value-invalid');
    expect(codeOf(await services.blacklist.find('g1', 'country', 'DE'))).toBe('blacklist-not-found');
  });
});

describe('taking an entry back', () => {
  test('removes it, or puts back the one it replaced', async () => {
    const { services, issue, check } = await open();
    const { key } = await issue();
    const add = async (reason: string, end: string) =>
      valueOf(await services.blacklist.add({ ...by(), type: 'key', value: key, reason, for: end }));
    const first = await add('first', 'never');
    const second = await add('second', '1d');
    expect(second.replaced).toEqual(first.entry);
    const restored = valueOf(
      await services.blacklist.undo({ ...by(), entry: second.entry, replaced: second.replaced }),
    );
    expect(restored).toEqual(first.entry);
    expect(await check({ key })).toMatchObject({ denial: 'key-blacklisted' });
    valueOf(await services.blacklist.undo({ ...by(), entry: first.entry, replaced: null }));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    const gone = await services.blacklist.undo({ ...by(), entry: first.entry, replaced: null });
    expect(codeOf(gone)).toBe('blacklist-not-found');
  });

  test('is recorded and only possible in its own guild', async () => {
    const { services, addGuild, auditActions } = await open();
    await addGuild('g2');
    const { entry } = valueOf(await services.blacklist.add({ ...by(), type: 'user', value: alice }));
    expect(codeOf(await services.blacklist.remove({ ...by('g2'), id: entry.id }))).toBe('blacklist-not-found');
    expect(valueOf(await services.blacklist.remove({ ...by(), id: entry.id }))).toEqual(entry);
    expect(await auditActions(`blacklist:${entry.id}`)).toEqual(['blacklist.removed', 'blacklist.added']);
  });
});

describe('what is blacklisted', () => {
  test('a text is checked as address, HWID, user, country and key', async () => {
    const { services, issue, clock } = await open();
    const { key } = await issue();
    const add = async (type: 'ip' | 'hwid' | 'user' | 'country' | 'key', value: string, end = 'never') =>
      valueOf(await services.blacklist.add({ ...by(), type, value, for: end })).entry.id;
    const ids = {
      range: await add('ip', '203.0.113.0/24'),
      hwid: await add('hwid', '203.0.113.5'),
      user: await add('user', alice),
      country: await add('country', 'DEU'),
      key: await add('key', key, '1d'),
    };
    const matching = async (text: string) => (await services.blacklist.check('g1', text)).map(({ id }) => id);
    expect(await matching(' 203.0.113.5 ')).toEqual([ids.range, ids.hwid]);
    expect(await matching(`<@${alice}>`)).toEqual([ids.user]);
    expect(await matching('de')).toEqual([ids.country]);
    expect(await matching(key)).toEqual([ids.key]);
    expect(await matching('nothing')).toEqual([]);
    expect(await services.blacklist.check('g9', 'de')).toEqual([]);
    clock.advance(dayMs);
    expect(await matching(key)).toEqual([]);
  });

  test('is listed newest first, of one type or all', async () => {
    const { services, addGuild } = await open();
    await addGuild('g2');
    const user = valueOf(await services.blacklist.add({ ...by(), type: 'user', value: alice })).entry;
    const hwid = valueOf(await services.blacklist.add({ ...by(), type: 'hwid', value: 'x' })).entry;
    const page = { limit: 10, beforeId: null };
    expect(await services.blacklist.list('g1', null, page)).toEqual([hwid, user]);
    expect(await services.blacklist.list('g1', 'user', page)).toEqual([user]);
    expect(await services.blacklist.list('g2', null, page)).toEqual([]);
    expect(await services.blacklist.count('g1')).toBe(2);
  });
});
