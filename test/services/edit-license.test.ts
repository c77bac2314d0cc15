import { describe, expect, test } from '@jest/globals';
import { roles } from '../support/license-effects.ts';
import { alice, by, codeOf, useServices, valueOf } from '../support/open-services.ts';
import { describeLicenseChanges } from '../../src/texts/license-changes.ts';

const open = useServices();
const dayMs = 86_400_000;

describe('editing', () => {
  test('changes what is given, says before and after, and leaves the rest', async () => {
    const { services, issue, auditActions } = await open();
    const { license } = await issue({ name: 'Old', note: 'keep', limits: { ip: '1' } });
    const edit = { ...by(), licenseId: license.id, mayManage: true, name: 'New', order: 'R-7', limits: { hwid: '3' } };
    const edited = valueOf(await services.licenses.edit(edit));
    expect(edited.license).toMatchObject({
      name: 'New',
      note: 'keep',
      order: 'R-7',
      limits: { ip: 1, hwid: 3, mac: 'inherit' },
    });
    expect(edited.effectIds).toEqual([]);
    expect(codeOf(await services.licenses.edit(edit))).toBe('nothing-to-change');
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.changed', 'license.issued']);
  });

  test('reports each field that changed, and no other', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ name: 'Old', limits: { mac: '7' } });
    const changesOf = async (change: object) => {
      const input = { ...by(), licenseId: license.id, mayManage: true, ...change };
      const edited = valueOf(await services.licenses.edit(input));
      const changes = describeLicenseChanges(edited.before, edited);
      return changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`);
    };
    expect(await changesOf({ name: null, staff: true, limits: { ip: '3', mac: 'unlimited' } })).toEqual([
      'name: Old → none',
      'staff license: no → yes',
      'IP limit: inherit → 3',
      'MAC limit: 7 → unlimited',
    ]);
    expect(await changesOf({ expires: '30d@activation', forgetAfter: { hwid: '12h', mac: 'never' } })).toEqual([
      'expiry: never → 30 days from first use',
      'HWID forgotten after: inherit → 12 hours unseen',
      'MAC forgotten after: inherit → never',
    ]);
    expect(await changesOf({ expires: '2199-01-31' })).toEqual([
      'expiry: 30 days from first use → 2199-01-31 23:59 UTC',
    ]);
  });

  test('adds and takes away features and metadata, and reports each pair', async () => {
    const { services, storage, issue } = await open();
    const metadata = { set: [{ key: 'tier', value: 'gold', returned: true }] };
    const { license } = await issue({ features: { add: ['pro'] }, metadata });
    expect(license).toMatchObject({ features: ['pro'], metadata: metadata.set });
    const input = { ...by(), licenseId: license.id, mayManage: true };
    const set = [{ key: 'serviceid', value: '17', returned: false }];
    const change = { features: { add: ['maps'] }, metadata: { set, remove: ['tier'] } };
    const edited = valueOf(await services.licenses.edit({ ...input, ...change }));
    expect(edited.license).toMatchObject({ features: ['pro', 'maps'], metadata: set });
    expect(describeLicenseChanges(edited.before, edited)).toEqual([
      { field: 'features', before: 'pro', after: 'pro, maps' },
      { field: 'metadata “tier”', before: 'gold, returned to programs', after: 'none' },
      { field: 'metadata “serviceid”', before: 'none', after: '17' },
    ]);
    expect(await storage.license('g1', { id: license.id })).toEqual(edited.license);
    expect(edited.license.revision).toBe(2);
    const refused = { features: { add: ['two words'] }, metadata: { remove: ['tier'] } };
    expect(codeOf(await services.licenses.edit({ ...input, features: refused.features }))).toBe('invalid-features');
    expect(codeOf(await services.licenses.edit({ ...input, metadata: refused.metadata }))).toBe('invalid-metadata');
  });

  test('reports which kinds become limited and which get a limit of 0', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ limits: { hwid: 'unlimited' } });
    const edit = { ...by(), licenseId: license.id, mayManage: true, limits: { hwid: '2', ip: '0', mac: 'unlimited' } };
    expect(valueOf(await services.licenses.edit(edit))).toMatchObject({ newlyLimited: ['hwid'], newlyZero: ['ip'] });
  });

  test('moves the license to another product and corrects the roles of its owner', async () => {
    const { services, issue, effects } = await open();
    const { license } = await issue({ ownerId: alice });
    const panel = valueOf(await services.products.create({ ...by(), name: 'Panel' })).product;
    const edit = { ...by(), licenseId: license.id, mayManage: true, product: 'panel' };
    const edited = valueOf(await services.licenses.edit(edit));
    expect(edited).toMatchObject({ license: { productId: panel.id }, product: { name: 'Panel' } });
    expect(await effects(edited.effectIds)).toEqual([roles(alice)]);
  });

  test('durations count from creation, or from the first grant', async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue();
    const created = clock.now().getTime();
    clock.advance(10 * dayMs);
    await check({ key });
    const expires = async (text: string) =>
      valueOf(await services.licenses.edit({ ...by(), licenseId: license.id, mayManage: true, expires: text })).license;
    expect((await expires('30d')).expiresAt).toEqual(new Date(created + 30 * dayMs));
    expect((await expires('30d@activation')).expiresAt).toEqual(new Date(created + 40 * dayMs));
    expect((await expires('never')).expiresAt).toBeNull();
  });

  test.each([
    ['invalid-expiry', { expires: '5d' }],
    ['invalid-expiry', { expires: 'tomorrow' }],
    ['invalid-limit', { limits: { ip: 'some' } }],
    ['invalid-limit', { forgetAfter: { ip: 'later' } }],
    ['text-too-long', { note: 'x'.repeat(1001) }],
    ['product-not-found', { product: 'Panel' }],
    ['nothing-to-change', {}],
  ])('is refused with %s for %j', async (code, own) => {
    const { services, issue, clock } = await open();
    const { license } = await issue();
    clock.advance(6 * dayMs);
    expect(codeOf(await services.licenses.edit({ ...by(), licenseId: license.id, mayManage: true, ...own }))).toBe(
      code,
    );
  });

  test('an unseen machine no longer counts after its own time', async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue({ limits: { hwid: '1' } });
    const edit = { ...by(), licenseId: license.id, mayManage: true, forgetAfter: { hwid: '12h' } };
    expect(valueOf(await services.licenses.edit(edit)).license.forgetAfter.hwid).toBe(720);
    await check({ key, hwid: 'one' });
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    clock.advance(dayMs / 2);
    expect(await check({ key, hwid: 'two' })).toMatchObject({ result: 'granted' });
  });
});

describe('one edit of several things', () => {
  test('suspends, gives a new key and an end that has passed, in one commit, and records and reports each', async () => {
    const { services, storage, issue, effects, auditActions, clock } = await open();
    const { license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id, mayManage: true };
    const end = new Date(clock.now().getTime() - 86_400_000);
    const edited = valueOf(
      await services.licenses.edit({ ...target, suspended: true, key: 'BRAND-NEW-KEY', expires: end, scope: 'pro' }),
    );
    expect(edited.license).toMatchObject({ holds: [{ kind: 'staff', at: clock.now() }], expiresAt: end, scope: 'pro' });
    expect(await storage.licenseKey('g1', license.id)).toBe('BRAND-NEW-KEY');
    expect(await effects(edited.effectIds)).toEqual([
      { kind: 'dm', userId: alice, message: { type: 'suspended', hold: 'staff', licenseId: license.id, reason: null } },
      { kind: 'dm', userId: alice, message: { type: 'keys', why: 'rekeyed', licenseIds: [license.id] } },
      { kind: 'roles', userId: alice },
    ]);
    expect(await auditActions(`license:${license.id}`)).toEqual([
      'license.rekeyed',
      'license.suspended',
      'license.changed',
      'license.issued',
    ]);
    const resumed = valueOf(await services.licenses.edit({ ...target, suspended: false, expires: 'never' }));
    expect(resumed.license).toMatchObject({ holds: [], expiresAt: null });
  });

  test('sets and lifts holds; a system that knows one suspension neither adds to others nor lifts them', async () => {
    const { services, issue, auditActions, clock } = await open();
    const { license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id, mayManage: true };
    const kindsAfter = async (input: Omit<Parameters<typeof services.licenses.edit>[0], keyof typeof target>) =>
      valueOf(await services.licenses.edit({ ...target, ...input })).license.holds.map(({ kind }) => kind);
    expect(await kindsAfter({ hold: ['refund', 'dispute'], reason: 'case 7' })).toEqual(['refund', 'dispute']);
    const [at, first] = [clock.now(), valueOf(await services.licenses.view('g1', license.id)).license.holds];
    expect(first).toContainEqual({ kind: 'dispute', at, reason: 'case 7' });
    clock.advance(dayMs);
    expect(await kindsAfter({ suspended: true, name: 'A' })).toEqual(['refund', 'dispute']);
    expect(await kindsAfter({ suspended: false, name: 'B' })).toEqual(['refund', 'dispute']);
    expect(await kindsAfter({ hold: ['staff', 'dispute'], lift: ['refund'] })).toEqual(['staff', 'dispute']);
    expect(valueOf(await services.licenses.view('g1', license.id)).license.holds).toContainEqual(first[1]);
    expect(await kindsAfter({ suspended: false })).toEqual(['dispute']);
    expect(codeOf(await services.licenses.edit({ ...target, hold: ['dispute'], lift: ['left'] }))).toBe(
      'nothing-to-change',
    );
    expect((await auditActions(`license:${license.id}`)).filter((action) => action !== 'license.changed')).toEqual([
      'license.resumed',
      'license.suspended',
      'license.resumed',
      'license.suspended',
      'license.suspended',
      'license.issued',
    ]);
  });

  test('that changes nothing fails, also where points were refilled meanwhile', async () => {
    const { services, issue, clock } = await open();
    const points = { left: 1, limit: 5, amount: 2, interval: 'hour' } as const;
    const { license, key } = await issue({ points, scope: 'pro' });
    const target = { ...by(), licenseId: license.id, mayManage: true };
    clock.advance(3_600_000);
    const same = { key, suspended: false, scope: ' pro ', points: { ...points, left: 3 } };
    expect(codeOf(await services.licenses.edit({ ...target, ...same }))).toBe('nothing-to-change');
    const edited = valueOf(await services.licenses.edit({ ...target, name: 'Main' }));
    expect(describeLicenseChanges(edited.before, edited)).toEqual([{ field: 'name', before: 'none', after: 'Main' }]);
  });

  test('fails with a taken or invalid key, and with points that are no numbers, and changes nothing', async () => {
    const { services, storage, issue } = await open();
    const { license } = await issue();
    await issue({ key: 'TAKEN' });
    const edit = async (own: object) =>
      codeOf(await services.licenses.edit({ ...by(), licenseId: license.id, mayManage: true, name: 'New', ...own }));
    expect(await edit({ key: 'TAKEN' })).toBe('key-taken');
    expect(await edit({ key: ' ' })).toBe('key-invalid');
    for (const left of [-1, 0.5, NaN, 2e9]) expect(await edit({ points: { left } })).toBe('invalid-points');
    expect(await edit({ expires: new Date('+010000-01-01T00:00:00Z') })).toBe('invalid-expiry');
    expect(await storage.license('g1', { id: license.id })).toEqual(license);
  });
});

describe('keys of several licenses', () => {
  test('are revealed with one audit event, and those of other guilds never', async () => {
    const { services, storage, issue, addGuild, auditActions } = await open();
    const [one, two, unasked] = [await issue(), await issue(), await issue()];
    await addGuild('g2');
    const foreign = valueOf(await services.licenses.issue({ ...by('g2'), product: null, mayManage: true })).issued[0]!;
    const licenseIds = [one.license.id, two.license.id, foreign.license.id, 999];
    const keyOf = await services.licenses.revealAll({ ...by(), licenseIds });
    expect(await Promise.all(licenseIds.map(keyOf))).toEqual([one.key, two.key, null, null]);
    expect(await keyOf(unasked.license.id)).toBeNull();
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.revealed', subject: 'licenses', details: { licenses: licenseIds } });
    await services.licenses.revealAll({ ...by(), licenseIds: [one.license.id] });
    expect((await auditActions(`license:${one.license.id}`))[0]).toBe('license.revealed');
    await services.licenses.revealAll({ ...by(), licenseIds: [] });
    expect(await storage.audit('g1', { action: 'license.revealed' }, { limit: 9, beforeId: null })).toHaveLength(2);
  });
});
