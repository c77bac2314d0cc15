import { describe, expect, test } from '@jest/globals';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import { deny } from '../support/grants.ts';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;

describe('a license as staff see it', () => {
  test('shows state, effective limits, owner and machines, newest use first', async () => {
    const { services, issue, check, clock } = await open();
    await services.members.remember({ id: alice, username: 'alice', discriminator: '0' });
    const { key, license } = await issue({ ownerId: alice, limits: { hwid: '2' } });
    await check({ key, hwid: 'one', mac: 'aa:bb' });
    clock.advance(minuteMs);
    await check({ key, hwid: 'two' });
    const view = valueOf(await services.licenses.view('g1', license.id));
    expect(view).toMatchObject({
      state: 'active',
      limits: { ip: 5, hwid: 2, mac: null },
      owner: { username: 'alice' },
      product: { name: 'Vault' },
      bindingCounts: { ip: 1, hwid: 2, mac: 1 },
    });
    expect(view.bindings.filter(({ kind }) => kind === 'hwid').map(({ value }) => value)).toEqual(['two', 'one']);
  });

  test('shows when machines in use were last seen, though the store writes that once an hour', async () => {
    const { services, storage, issue, check, clock } = await open();
    const { key, license } = await issue();
    const issuedAt = clock.now();
    await check({ key, hwid: 'first', mac: 'aa:bb', observedIp: '198.51.100.1' });
    await check({ key, hwid: 'second', observedIp: '198.51.100.2' });
    clock.advance(10 * minuteMs);
    await check({ key, hwid: 'first', mac: 'aa:bb', observedIp: '198.51.100.1', quiet: true });

    const stored = await storage.bindings('g1', license.id, 10);
    expect(stored.bindings.map(({ lastSeenAt }) => lastSeenAt)).toEqual(Array(5).fill(issuedAt));
    const { bindings } = valueOf(await services.licenses.view('g1', license.id));
    expect(bindings.map(({ value, lastSeenAt }) => [value, lastSeenAt])).toEqual([
      ['198.51.100.1', clock.now()],
      ['198.51.100.2', issuedAt],
      ['first', clock.now()],
      ['second', issuedAt],
      ['aa:bb', clock.now()],
    ]);
  });

  test('addresses that share a place count once where addresses follow HWIDs', async () => {
    const { services, issue, check } = await open();
    await services.settings.patch({ ...by(), patch: { 'limits.ipMode': 'follow-hwid' } });
    const { key, license } = await issue();
    for (const observedIp of ['198.51.100.1', '2001:db8:0:1::/64', '198.51.100.2'])
      await check({ key, hwid: 'one', observedIp });

    const view = async () => valueOf(await services.licenses.view('g1', license.id));
    expect(await view()).toMatchObject({ bindingCounts: { ip: 3 }, sharedAddresses: 1 });
    await services.settings.patch({ ...by(), patch: { 'limits.ipMode': 'strict' } });
    expect(await view()).toMatchObject({ bindingCounts: { ip: 3 }, sharedAddresses: 0 });
  });

  test('it was last active in the minute of its newest attempt, of any kind', async () => {
    const { services, issue, check, clock } = await open();
    const { key, license } = await issue();
    const lastActiveAt = async () => valueOf(await services.licenses.view('g1', license.id)).lastActiveAt;
    expect(await lastActiveAt()).toBeNull();
    const minute = clock.now();
    expect(minute.getTime() % minuteMs).toBe(0);
    clock.advance(minuteMs - 1);
    await check({ key });
    expect(await lastActiveAt()).toEqual(minute);
    clock.advance(10 * minuteMs);
    await check({ key, quiet: true });
    expect(await lastActiveAt()).toEqual(new Date(minute.getTime() + 10 * minuteMs));
    valueOf(await services.licenses.suspend({ ...by(), licenseId: license.id }));
    clock.advance(10 * minuteMs);
    await check({ key });
    expect(await services.licenses.lastActiveAt('g1', license.id)).toEqual(new Date(minute.getTime() + 20 * minuteMs));
  });

  test('a deleted license is still found, an unknown one or one of another guild is not', async () => {
    const { services, issue, addGuild } = await open();
    await addGuild('g2');
    const { license } = await issue();
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(valueOf(await services.licenses.card('g1', license.id)).state).toBe('deleted');
    expect(codeOf(await services.licenses.view('g2', license.id))).toBe('license-not-found');
    expect(codeOf(await services.licenses.card('g2', license.id))).toBe('license-not-found');
    expect(codeOf(await services.licenses.view('g9', license.id))).toBe('license-not-found');
    expect(codeOf(await services.licenses.reveal({ ...by('g2'), licenseId: license.id }))).toBe('license-not-found');
  });

  test('the card has the last attempts and the last grant', async () => {
    const { services, issue, check, clock } = await open();
    const { key, license } = await issue();
    for (let count = 0; count < 12; count++) {
      await check({ key });
      clock.advance(minuteMs);
    }
    const card = valueOf(await services.licenses.card('g1', license.id));
    expect(card.attempts).toHaveLength(10);
    expect(card).toMatchObject({ guildName: 'Guild g1', lastGrant: card.attempts[0], lastDenial: null });
  });
});

describe('the last denial with its remedy', () => {
  /** A license whose `before` were granted and whose last check was refused, and what became of it. */
  async function troubled(own: { before?: Partial<CheckRequest>[]; last: Partial<CheckRequest>; limits?: object }) {
    const world = await open();
    const { key, license } = await world.issue({ ownerId: alice, limits: { ...own.limits } });
    for (const request of own.before ?? []) {
      await world.check({ key, ...request });
      world.clock.advance(minuteMs);
    }
    const refuse = () => world.check({ key, ...own.last });
    const lastDenial = async () => valueOf(await world.services.licenses.card('g1', license.id)).lastDenial;
    return { ...world, key, license, refuse, lastDenial };
  }

  test('no slot: names who holds them, the longest unseen first, and is over once one was forgotten', async () => {
    const { services, license, refuse, lastDenial } = await troubled({
      limits: { hwid: '2' },
      before: [{ hwid: 'one' }, { hwid: 'two' }],
      last: { hwid: 'three' },
    });
    await refuse();
    expect(await lastDenial()).toMatchObject({
      attempt: { result: 'hwid-limit' },
      remedy: {
        type: 'release',
        kind: 'hwid',
        value: 'three',
        limit: 2,
        holders: [{ value: 'one' }, { value: 'two' }],
      },
    });
    const what = { kind: 'hwid', value: 'one' } as const;
    valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what }));
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'resolved' } });
    await refuse();
    expect(await lastDenial()).toBeNull();
  });

  test('a slot that has timed out since blocks no client', async () => {
    const { services, clock, refuse, lastDenial } = await troubled({
      limits: { ip: '1' },
      before: [{ observedIp: '203.0.113.1' }],
      last: { observedIp: '203.0.113.2' },
    });
    await refuse();
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'release', kind: 'ip', value: '203.0.113.2' } });
    valueOf(await services.settings.patch({ ...by(), patch: { 'forgetAfter.ip': 60 } }));
    clock.advance(60 * minuteMs);
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'resolved' } });
  });

  test('with a limit of 0 no client passes, however many slots are released', async () => {
    const { refuse, lastDenial } = await troubled({ limits: { mac: '0' }, last: { mac: 'aa:bb' } });
    await refuse();
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'raise-limit', kind: 'mac' } });
  });

  test.each([
    ['ip', '203.0.113.0/24', {}],
    ['hwid', 'ONE', { hwid: 'one' }],
    ['country', 'de', { country: 'DEU' }],
    ['user', alice, {}],
  ] as const)('a blacklisted %s: names the entry, and is over without it', async (type, value, last) => {
    const { services, refuse, lastDenial } = await troubled({ last });
    const { entry } = valueOf(await services.blacklist.add({ ...by(), type, value }));
    await refuse();
    expect(await lastDenial()).toMatchObject({
      attempt: { result: `${type}-blacklisted`, licenseId: expect.any(Number) },
      remedy: { type: 'unblacklist', entry: { id: entry.id } },
    });
    valueOf(await services.blacklist.remove({ ...by(), id: entry.id }));
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'resolved' } });
  });

  test('a blacklisted key: names the entry, and is over without it', async () => {
    const { services, key, refuse, lastDenial } = await troubled({ last: {} });
    const { entry } = valueOf(await services.blacklist.add({ ...by(), type: 'key', value: key }));
    await refuse();
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'unblacklist', entry: { id: entry.id } } });
    valueOf(await services.blacklist.remove({ ...by(), id: entry.id }));
    expect(await lastDenial()).toMatchObject({ remedy: { type: 'resolved' } });
  });

  test('a suspended, paused or expired license: names what brings it back', async () => {
    const { services, license, clock, refuse, lastDenial } = await troubled({ last: {} });
    const target = { ...by(), licenseId: license.id };
    const remedy = async () => {
      await refuse();
      return (await lastDenial())?.remedy.type;
    };
    valueOf(await services.licenses.edit({ ...target, mayManage: true, expires: '1d' }));
    clock.advance(dayMs);
    expect(await remedy()).toBe('extend');
    valueOf(await services.licenses.switch({ ...target, on: false }));
    expect(await remedy()).toBe('switch-on');
    valueOf(await services.licenses.suspend(target));
    expect(await remedy()).toBe('resume');
    valueOf(await services.licenses.resume(target));
    expect((await lastDenial())?.remedy.type).toBe('resolved');
  });

  test('the wrong product or version: names the right one', async () => {
    const { services, product, refuse, lastDenial } = await troubled({ last: { product: 'Panel', version: '1.0' } });
    valueOf(await services.products.create({ ...by(), name: 'Panel' }));
    await refuse();
    expect((await lastDenial())?.remedy).toEqual({
      ...{ type: 'right-product', asked: 'Panel' },
      products: [{ name: 'Vault' }],
    });
    const other = await troubled({ last: { version: '1.0' } });
    const setVersion = (version: string) =>
      other.services.products.setVersion({ ...by(), productId: product.id, version });
    valueOf(await setVersion('2.0'));
    await other.refuse();
    expect((await other.lastDenial())?.remedy).toEqual({ type: 'right-version', asked: '1.0', current: '2.0' });
    valueOf(await setVersion('1.0'));
    expect((await other.lastDenial())?.remedy).toEqual({ type: 'resolved' });
  });
});

describe('a denial that only some protocols have', () => {
  test('the wrong scope: names the right one, until it is another', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue({ scope: 'pro' });
    await deny(storage, { key }, { result: 'scope-mismatch' });
    const remedy = async () => valueOf(await services.licenses.card('g1', license.id)).lastDenial?.remedy;
    expect(await remedy()).toEqual({ type: 'right-scope', allowed: ['pro'], asked: null });
    valueOf(await services.licenses.edit({ ...by(), licenseId: license.id, mayManage: true, scope: null }));
    expect(await remedy()).toEqual({ type: 'resolved' });
  });

  test('spent points: whether they come back, until they have', async () => {
    const { services, storage, issue, clock } = await open();
    const none = await issue({ points: { left: 0 } });
    const refilled = await issue({ points: { left: 0, amount: 1, interval: 'minute' } });
    for (const { key } of [none, refilled]) await deny(storage, { key }, { result: 'points-spent' });
    const remedy = async (id: number) => valueOf(await services.licenses.card('g1', id)).lastDenial?.remedy;
    expect(await remedy(none.license.id)).toEqual({ type: 'more-points', isRefilled: false });
    expect(await remedy(refilled.license.id)).toEqual({ type: 'more-points', isRefilled: true });
    clock.advance(60_000);
    expect(await remedy(refilled.license.id)).toEqual({ type: 'resolved' });
  });
});

describe('a refused HWID that identifies no machine', () => {
  test('is named as the reason while such HWIDs are refused', async () => {
    const { services, storage, issue, check } = await open();
    const { key, license } = await issue();
    const setting = (mode: 'alert' | 'refuse') =>
      services.settings.patch({ ...by(), patch: { 'hwid.placeholders': mode } });
    valueOf(await setting('refuse'));
    expect(await check({ key, hwid: 'unknown' })).toMatchObject({ result: 'denied', denial: 'malformed' });
    const remedy = async () => valueOf(await services.licenses.card('g1', license.id)).lastDenial?.remedy;
    expect(await remedy()).toEqual({ type: 'own-hwid' });
    valueOf(await setting('alert'));
    expect(await remedy()).toEqual({ type: 'client' });
    await deny(storage, { key }, { result: 'malformed' });
    expect(await remedy()).toEqual({ type: 'client' });
  });
});

describe('a denial that staff cannot remedy', () => {
  test.each(['malformed', 'branch-unknown', 'customer-mismatch', 'store-unavailable'] as const)(
    'is for the client to remedy: %s',
    async (result) => {
      const { services, storage, issue } = await open();
      const { key, license } = await issue();
      await deny(storage, { key }, { result });
      expect(valueOf(await services.licenses.card('g1', license.id)).lastDenial?.remedy).toEqual({ type: 'client' });
    },
  );

  test('is over where the license is back, and asks for restore where it is not', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    const remedy = async () => valueOf(await services.licenses.card('g1', license.id)).lastDenial?.remedy;
    await deny(storage, { key }, { result: 'license-unknown' });
    expect(await remedy()).toEqual({ type: 'resolved' });
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(await remedy()).toEqual({ type: 'restore' });
  });
});

describe('the license that a typed text means', () => {
  test('is found by id, key, quoted key, masked suffix, and key: for a key of digits', async () => {
    const { services, issue } = await open();
    const { key, license } = await issue();
    const digits = await issue({ key: String(license.id) });
    const meant = async (text: string) => valueOf(await services.licenses.resolve('g1', text)).id;
    expect(await meant(String(license.id))).toBe(license.id);
    expect(await meant(`key:${license.id}`)).toBe(digits.license.id);
    expect(await meant(key)).toBe(license.id);
    expect(await meant(` \`${key.toLowerCase()}\` `)).toBe(license.id);
    expect(await meant(`…${license.keySuffix}`)).toBe(license.id);
  });

  test('fails where it fits no license or several', async () => {
    const { services, issue } = await open();
    const one = await issue({ key: 'aaaaaaaaaaaaaaaaaaaa-SAME1' });
    const other = await issue({ key: 'bbbbbbbbbbbbbbbbbbbb-SAME1' });
    expect(await services.licenses.resolve('g1', 'same1')).toMatchObject({
      error: { code: 'license-ambiguous', licenseIds: [other.license.id, one.license.id] },
    });
    for (const text of ['4711', 'key:4711', 'nothing', '']) {
      expect(codeOf(await services.licenses.resolve('g1', text))).toBe('license-not-found');
    }
    expect(codeOf(await services.licenses.resolve('g9', '1'))).toBe('guild-not-found');
  });

  test('is found by id and key when it is deleted', async () => {
    const { services, issue } = await open();
    const { key, license } = await issue();
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(valueOf(await services.licenses.resolve('g1', key)).id).toBe(license.id);
    expect(valueOf(await services.licenses.resolve('g1', String(license.id))).id).toBe(license.id);
  });
});

describe('finding licenses by anything typed', () => {
  test('says by what they were found', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ ownerId: alice, order: 'R-1', note: 'met at the fair' });
    await issue({ ownerId: bob });
    await check({ key, observedIp: '2001:db8:1:2::/64', hwid: 'Board 7', mac: 'aa:bb' });
    const texts = {
      key,
      id: String(license.id),
      suffix: license.keySuffix,
      order: 'R-1',
      ip: '2001:db8:1:2::9',
      hwid: 'Board 7',
      mac: 'aa:bb',
      owner: `<@${alice}>`,
      text: 'the FAIR',
    };
    for (const [kind, text] of Object.entries(texts)) {
      const found = await services.licenses.find('g1', text, 10);
      expect(found).toMatchObject({ by: kind, rows: [{ license: { id: license.id } }] });
      expect(found.rows).toHaveLength(1);
    }
    expect(await services.licenses.find('g1', 'nothing', 10)).toEqual({ by: null, rows: [] });
    expect(await services.licenses.find('g1', ' ', 10)).toEqual({ by: null, rows: [] });
  });

  test('a text that a client declared as its IP is found as it stands', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    const request = {
      protocol: 'tki',
      guildReference: { by: 'team', teamId: 'team-g1' },
      key,
      product: 'Vault',
    } as const;
    const rest = { version: null, declaredIp: 'home:1', observedIp: '203.0.113.5', hwid: null, mac: null };
    const client = { country: null, userAgent: null, info: null, malformed: null, quiet: false };
    const unused = { branch: null, customerId: null, scope: null, challenge: null, ignoresKeyCase: false };
    const definition = { protocol: 'tki', rules: [], findProduct: () => null } as const;
    await services.checkLicense(
      { ...definition, limitedIp: ({ declaredIp }) => declaredIp },
      { ...request, ...rest, ...client, ...unused },
    );
    expect(await storage.countLicensesBy('g1', { binding: { kind: 'ip', value: 'home:1' } })).toBe(1);
    expect(await services.licenses.find('g1', 'home:1', 10)).toMatchObject({
      by: 'ip',
      rows: [{ license: { id: license.id } }],
    });
  });

  test('lists page by page with owners and limits, and counts', async () => {
    const { services, issue } = await open();
    const ids = [];
    for (let count = 0; count < 3; count++) ids.unshift((await issue({ ownerId: alice })).license.id);
    await issue();
    const query = { ownerId: alice };
    const first = await services.licenses.list('g1', query, { limit: 2, beforeId: null });
    const next = await services.licenses.list('g1', query, { limit: 2, beforeId: ids[1]! });
    expect([...first, ...next].map(({ license }) => license.id)).toEqual(ids);
    expect(first[0]).toMatchObject({ state: 'active', limits: { ip: 5 }, owner: null });
    expect(await services.licenses.count('g1', query)).toBe(3);
    expect(await services.licenses.list('g9', {}, { limit: 2, beforeId: null })).toEqual([]);
  });
});
