import { describe, expect, test } from '@jest/globals';
import { proxyNote, trustedProxiesNote } from '../../src/domain/notes.ts';
import type { BlacklistType } from '../../src/domain/blacklist/blacklist.ts';
import type { CommandError } from '../../src/domain/command-error.ts';
import type { Result } from '../../src/domain/values/result.ts';
import { alice, bob, by, carol, codeOf, definition, useServices, valueOf } from '../support/open-services.ts';
import { aRequest } from '../support/storage-fixtures.ts';

const open = useServices();
const dayMs = 86_400_000;
const sender = '198.51.100.80';

/** Three customers whose checks one server passes on: each declares an address of its own, which its limit counts. */
async function openWithSender() {
  const opened = await open();
  const byDeclared = { ...definition, limitedIp: ({ declaredIp }: { declaredIp: string | null }) => declaredIp };
  const licenses = [];
  for (const [index, ownerId] of [alice, bob, carol].entries()) {
    const { key, license } = await opened.issue({ ownerId });
    const declaredIp = `203.0.113.${index + 1}`;
    const passOn = () => opened.services.checkLicense(byDeclared, aRequest({ key, declaredIp, observedIp: sender }));
    expect(await passOn()).toMatchObject({ result: 'granted' });
    licenses.push({ key, license, passOn });
  }
  const add = (type: BlacklistType, value: string, confirmed?: boolean | string) =>
    opened.services.blacklist.add({ ...by(), type, value, confirmed });
  return { ...opened, licenses, add };
}

function assessmentOf(result: Result<unknown, CommandError>) {
  if (result.ok || result.error.code !== 'blacklist-unconfirmed') throw new Error('it was not asked about');
  return result.error.assessment;
}

describe('the address through which everybody comes', () => {
  test('is not refused by a yes: it hits what was granted from there, though other addresses are bound', async () => {
    const { storage, licenses, add } = await openWithSender();
    const { bindings } = await storage.bindings('g1', licenses[0]!.license.id, 10);
    expect(bindings.map(({ value }) => value)).toEqual(['203.0.113.1']);
    for (const confirmed of [undefined, false, true, '198.51.100.81']) {
      expect(assessmentOf(await add('ip', sender, confirmed))).toEqual({
        type: 'ip',
        value: sender,
        impact: { licenses: 3, owners: 3, isComplete: true, lastDay: { all: 3, matching: 3 } },
        concerns: ['most-grants', 'several-licenses'],
        confirmWith: sender,
      });
    }
    expect(await licenses[0]!.passOn()).toMatchObject({ result: 'granted' });
    expect((await storage.blacklist('g1', {}, { limit: 1, beforeId: null })).length).toBe(0);
    valueOf(await add('ip', sender, ` ::ffff:${sender} `));
    expect(await licenses[0]!.passOn()).toMatchObject({ denial: 'ip-blacklisted' });
  });

  test('is known for 7 days, and what one customer declared is one license', async () => {
    const { clock, services, add } = await openWithSender();
    expect(valueOf(await services.blacklist.assess('g1', 'ip', '203.0.113.2'))).toMatchObject({
      impact: { licenses: 1, owners: 1 },
      concerns: [],
    });
    clock.advance(7 * dayMs);
    expect(assessmentOf(await add('ip', sender))).toMatchObject({
      impact: { licenses: 3, lastDay: { all: 0, matching: 0 } },
      concerns: ['several-licenses'],
      confirmWith: null,
    });
    clock.advance(1);
    expect(valueOf(await services.blacklist.assess('g1', 'ip', sender))).toMatchObject({
      impact: { licenses: 0, owners: 0 },
      concerns: [],
    });
    expect(valueOf(await add('ip', sender)).impact).toMatchObject({ licenses: 0 });
  });

  test('several licenses without the most of the checks need a yes', async () => {
    const { licenses, issue, check, add } = await openWithSender();
    const other = await issue();
    for (let times = 0; times < 3; times++) await check({ key: other.key, observedIp: '192.0.2.9' });
    expect(assessmentOf(await add('ip', sender))).toMatchObject({
      impact: { licenses: 3, lastDay: { all: 6, matching: 3 } },
      concerns: ['several-licenses'],
      confirmWith: null,
    });
    expect(codeOf(await add('ip', sender, false))).toBe('blacklist-unconfirmed');
    valueOf(await add('ip', sender, true));
    expect(await licenses[0]!.passOn()).toMatchObject({ denial: 'ip-blacklisted' });
  });
});

describe('the proxies in front of the server', () => {
  test.each<[string, string, string]>([
    [trustedProxiesNote, '192.0.2.1,198.51.100.0/24', '198.51.100.7'],
    [trustedProxiesNote, 'private', '172.17.0.1'],
    [trustedProxiesNote, '192.0.2.1', '10.0.0.7'],
    [proxyNote, '2026-03-01T11:00:00.000Z 172.17.0.1', '172.17.0.1'],
  ])('as %s %s says, need %s to be typed out', async (note, text, ip) => {
    const { storage, services } = await open();
    expect(valueOf(await services.blacklist.assess('g1', 'ip', ip)).confirmWith).toBeNull();
    await storage.setNote(note, text, null);
    expect(valueOf(await services.blacklist.assess('g1', 'ip', ip)).confirmWith).toBe(ip);
  });

  test('are those of the command line’s configuration too, and one that was seen a day ago is none', async () => {
    const { storage, clock, services } = await open();
    const input = { ...by(), type: 'ip', value: '192.0.2.1' } as const;
    await storage.setNote(proxyNote, `${new Date(clock.now().getTime() - dayMs).toISOString()} 192.0.2.1`, null);
    const configured = await services.blacklist.add({ ...input, trustedProxies: ['192.0.2.0/24'], confirmed: true });
    expect(assessmentOf(configured).concerns).toEqual(['proxy']);
    valueOf(await services.blacklist.add(input));
  });
});

describe('HWIDs, countries, users and keys', () => {
  test('a HWID is counted in any case by what was bound and granted; a placeholder is typed out', async () => {
    const { services, issue, check, add } = await openWithSender();
    const { key } = await issue({ ownerId: alice });
    await check({ key, hwid: 'Board-7' });
    expect(valueOf(await services.blacklist.assess('g1', 'hwid', 'BOARD-7')).impact).toMatchObject({ licenses: 1 });
    expect(assessmentOf(await add('hwid', 'Default String', true)).confirmWith).toBe('Default String');
    valueOf(await add('hwid', 'Default String', 'default string'));
  });

  test('the home country is typed out, by its name or code', async () => {
    const { issue, check, add } = await open().then((opened) => ({
      ...opened,
      add: (value: string, confirmed?: boolean | string) =>
        opened.services.blacklist.add({ ...by(), type: 'country', value, confirmed }),
    }));
    for (const country of ['DEU', 'DEU', 'FRA']) await check({ key: (await issue()).key, country });
    expect(assessmentOf(await add('de', true))).toMatchObject({
      value: 'DEU',
      impact: { licenses: 2, lastDay: { all: 3, matching: 2 } },
      concerns: ['most-grants', 'several-licenses'],
      confirmWith: 'DEU',
    });
    expect(valueOf(await add('France')).entry.value).toBe('FRA');
    expect(valueOf(await add('de', 'germany')).entry.value).toBe('DEU');
  });

  test('a user with several licenses is asked about, whatever these did', async () => {
    const { services, issue } = await open();
    await issue({ ownerId: alice });
    await issue({ ownerId: alice });
    await issue({ ownerId: bob });
    const assess = async (value: string) => valueOf(await services.blacklist.assess('g1', 'user', value));
    expect(await assess(alice)).toMatchObject({ impact: { licenses: 2, owners: 1 }, concerns: ['several-licenses'] });
    expect(await assess(bob)).toMatchObject({ impact: { licenses: 1, owners: 1 }, concerns: [] });
    expect(await assess(carol)).toMatchObject({ impact: { licenses: 0, owners: 0 }, concerns: [] });
  });

  test('a key that a whole community checks is confirmed with the id of its license', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ limits: { ip: 'unlimited' } });
    for (let host = 1; host <= 10; host++) await check({ key, observedIp: `192.0.2.${host}` });
    const add = (confirmed?: boolean | string) =>
      services.blacklist.add({ ...by(), type: 'key', value: key, confirmed });
    expect(assessmentOf(await add(true))).toMatchObject({
      value: `…${license.keySuffix}`,
      concerns: ['most-grants'],
      confirmWith: String(license.id),
    });
    expect(codeOf(await add(String(license.id + 1)))).toBe('blacklist-unconfirmed');
    valueOf(await add(String(license.id)));
    expect(await check({ key, observedIp: '192.0.2.1' })).toMatchObject({ denial: 'key-blacklisted' });
  });
});

describe('one reading for add, find and check', () => {
  test.each<[BlacklistType, string, readonly string[]]>([
    ['ip', '203.0.113.9/24', ['203.0.113.0/24', '203.0.113.77/24', '::ffff:203.0.113.0/120']],
    ['ip', '2001:db8:1:2::5', ['2001:db8:1:2::9', '2001:DB8:1:2::/64']],
    ['ip', 'Node-7:25565', [' node-7:25565 ']],
    ['hwid', 'Board 7', ['BOARD 7 ']],
    ['user', `<@${alice}>`, [alice, `<@!${alice}>`]],
    ['country', 'Germany', ['de', 'DEU', ' germany ']],
  ])('%s %j is found and matched as %j', async (type, value, spellings) => {
    const { services } = await open();
    const { id } = valueOf(await services.blacklist.add({ ...by(), type, value, confirmed: true })).entry;
    for (const text of [value, ...spellings]) {
      expect(valueOf(await services.blacklist.find('g1', type, text)).id).toBe(id);
      expect((await services.blacklist.check('g1', text)).map((entry) => entry.id)).toEqual([id]);
    }
  });

  test('a key is its text, key:TEXT, its last group or the id of its license', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue();
    const spellings = [key, `key:${key}`, ` \`${key.toLowerCase()}\` `, license.keySuffix, String(license.id)];
    for (const value of spellings) {
      const { entry, impact } = valueOf(await services.blacklist.add({ ...by(), type: 'key', value }));
      expect([entry.value, impact.licenses]).toEqual([`…${license.keySuffix}`, 1]);
      expect(await check({ key })).toMatchObject({ denial: 'key-blacklisted' });
      for (const text of spellings) {
        expect(valueOf(await services.blacklist.find('g1', 'key', text))).toEqual({
          ...entry,
          hits: expect.any(Number),
        });
        expect((await services.blacklist.check('g1', text)).map(({ id }) => id)).toEqual([entry.id]);
      }
      valueOf(await services.blacklist.remove({ ...by(), id: entry.id }));
      expect(await check({ key })).toMatchObject({ result: 'granted' });
    }
  });

  test('a key of no license is taken as it is, and digits that are no id are refused', async () => {
    const { services, check } = await open();
    const { entry, impact } = valueOf(await services.blacklist.add({ ...by(), type: 'key', value: 'key:LEAKED-ONE' }));
    expect(impact).toMatchObject({ licenses: 0, owners: 0 });
    expect(await check({ key: 'LEAKED-ONE' })).toMatchObject({ denial: 'key-blacklisted' });
    expect(valueOf(await services.blacklist.find('g1', 'key', 'leaked-one')).id).toBe(entry.id);
    expect(codeOf(await services.blacklist.add({ ...by(), type: 'key', value: '4711' }))).toBe('license-not-found');
  });

  test('a range is on the blacklist where an entry covers all of it', async () => {
    const { services } = await open();
    const add = async (value: string) =>
      valueOf(await services.blacklist.add({ ...by(), type: 'ip', value, confirmed: true })).entry.value;
    await add('203.0.0.0/16');
    await add('198.51.100.0');
    const matching = async (text: string) => (await services.blacklist.check('g1', text)).map(({ value }) => value);
    expect(await matching('203.0.113.0/24')).toEqual(['203.0.0.0/16']);
    expect(await matching('203.0.0.0/15')).toEqual([]);
    expect(await matching('198.51.100.0/24')).toEqual([]);
  });
});
