import { describe, expect, test } from '@jest/globals';
import { alice, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

describe('issuing licenses', () => {
  test('makes so many keys of the guild format, all different and all granted', async () => {
    const { services, product, check } = await open();
    const done = valueOf(await services.licenses.issue({ ...by(), product: 'vault', amount: 3, mayManage: true }));
    expect(done).toMatchObject({ product: { id: product.id }, effectIds: [] });
    expect(new Set(done.issued.map(({ key }) => key)).size).toBe(3);
    for (const { key, license } of done.issued) {
      expect(key).toMatch(/^([A-HJ-NP-Z2-9]{5}-){4}[A-HJ-NP-Z2-9]{5}$/);
      expect(license).toMatchObject({ keySuffix: key.slice(-5), createdBy: 'cli', ownerId: null, expiresAt: null });
      expect(await check({ key })).toMatchObject({ result: 'granted', license: { id: license.id } });
    }
  });

  test('more than one commit makes are all made', async () => {
    const { services } = await open();
    const done = valueOf(await services.licenses.issue({ ...by(), product: null, amount: 1001, mayManage: true }));
    expect(new Set(done.issued.map(({ license }) => license.id)).size).toBe(1001);
    expect(await services.licenses.count('g1', {})).toBe(1001);
  });

  test('makes 250 in one commit, and more in smaller ones, for which checks wait less', async () => {
    const { services, storage } = await open();
    const commitsOf = async (amount: number, own: object = {}) => {
      valueOf(await services.licenses.issue({ ...by(), product: null, amount, mayManage: true, ...own }));
      const events = await storage.audit('g1', { action: 'license.issued' }, { limit: 9, beforeId: null });
      return events.map(({ details }) => details.count);
    };
    expect(await commitsOf(250)).toEqual([250]);
    expect(await commitsOf(260)).toEqual([10, 50, 50, 50, 50, 50, 250]);
    // The owner gets a message for each commit.
    expect((await commitsOf(260, { ownerId: alice })).slice(0, 2)).toEqual([10, 250]);
    expect((await commitsOf(260, { ownerId: alice, silent: true })).slice(0, 2)).toEqual([10, 50]);
  });

  test('gives the owner the keys in one message and the roles, unless silent', async () => {
    const { services, effects } = await open();
    const issue = (silent: boolean) =>
      services.licenses.issue({ ...by(), product: null, ownerId: `<@${alice}>`, amount: 2, mayManage: true, silent });
    const done = valueOf(await issue(false));
    const licenseIds = done.issued.map(({ license }) => license.id);
    expect(await effects(done.effectIds)).toEqual([
      { kind: 'dm', userId: alice, message: { type: 'keys', why: 'issued', licenseIds } },
      { kind: 'roles', userId: alice },
    ]);
    expect(await effects(valueOf(await issue(true)).effectIds)).toEqual([{ kind: 'roles', userId: alice }]);
  });

  test('of many licenses is one event with all their ids', async () => {
    const { services, storage } = await open();
    const { issued } = valueOf(await services.licenses.issue({ ...by(), product: null, amount: 20, mayManage: true }));
    const events = await storage.audit('g1', { action: 'license.issued' }, { limit: 9, beforeId: null });
    const licenses = issued.map(({ license }) => license.id);
    expect(events).toMatchObject([{ subject: 'licenses', details: { count: 20, licenses } }]);
  });

  test('takes everything that a license can have', async () => {
    const { issue, clock, auditActions } = await open();
    const { license } = await issue({
      key: 'my old key',
      ownerId: alice,
      expires: '30d',
      limits: { ip: '2', hwid: 'unlimited', mac: 'inherit' },
      staff: true,
      name: 'Main',
      note: 'first\nsecond',
      order: 'R-1',
    });
    expect(license).toMatchObject({
      ownerId: alice,
      staff: true,
      name: 'Main',
      note: 'first\nsecond',
      order: 'R-1',
      expiry: { type: 'duration', start: 'creation', days: 30 },
      expiresAt: new Date(clock.now().getTime() + 30 * 86_400_000),
      limits: { ip: 2, hwid: null, mac: 'inherit' },
    });
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.issued']);
  });

  test.each([
    ['guild-not-found', { guildId: 'g9' }],
    ['product-not-found', { product: 'Panel' }],
    ['amount-invalid', { amount: 0 }],
    ['amount-invalid', { amount: 1.5 }],
    ['amount-invalid', { amount: 100_001 }],
    ['key-needs-amount-one', { key: 'abc', amount: 2 }],
    ['key-invalid', { key: '  ' }],
    ['key-invalid', { key: 'x'.repeat(256) }],
    ['invalid-id', { ownerId: 'alice' }],
    ['invalid-expiry', { expires: '03/04/2027' }],
    ['invalid-expiry', { expires: '2020-01-01' }],
    ['invalid-limit', { limits: { ip: '-1' } }],
    ['text-too-long', { name: 'x'.repeat(101) }],
    ['text-too-long', { note: 'x'.repeat(1001) }],
    ['text-too-long', { order: 'x'.repeat(101) }],
  ])('is refused with %s for %j, and none is made', async (code, own) => {
    const { services } = await open();
    const refused = await services.licenses.issue({ ...by(), product: null, mayManage: true, ...own });
    expect(codeOf(refused)).toBe(code);
    expect(await services.licenses.count('g1', {})).toBe(0);
  });

  test('where there are several products one must be named', async () => {
    const { services } = await open();
    valueOf(await services.products.create({ ...by(), name: 'Panel' }));
    const refused = await services.licenses.issue({ ...by(), product: null, mayManage: true });
    expect(codeOf(refused)).toBe('product-required');
  });
});

describe('a supplied key', () => {
  test('that another license has fails, naming that license and whether it is deleted', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ key: 'my key' });
    const again = { ...by(), product: null, key: ' my key ', mayManage: true };
    const error = { code: 'key-taken', licenseId: license.id };
    expect(await services.licenses.issue(again)).toEqual({ ok: false, error: { ...error, deleted: false } });
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(await services.licenses.issue(again)).toEqual({ ok: false, error: { ...error, deleted: true } });
  });

  test('may be the key of a license of another guild', async () => {
    const { services, issue, addGuild } = await open();
    await addGuild('g2');
    await issue({ key: 'my key' });
    expect(
      valueOf(await services.licenses.issue({ ...by('g2'), product: null, key: 'my key', mayManage: true })),
    ).toMatchObject({ issued: [{ key: 'my key', license: { guildId: 'g2' } }] });
  });
});

describe('a made-up key that happens to be taken', () => {
  test('is made up again', async () => {
    const { services, issue } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'key.length': 1, 'key.letters': false } }));
    const keys = new Set<string>();
    for (let count = 0; count < 9; count++) keys.add((await issue()).key);
    expect(keys.size).toBe(9);
  });

  test('more keys than the format has are not begun', async () => {
    const { issue, services } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'key.length': 1, 'key.letters': false } }));
    await expect(issue({ amount: 11 })).rejects.toThrow('make keys longer');
    expect(await services.licenses.count('g1', {})).toBe(0);
  });

  test('with no free key left throws an error that says why', async () => {
    const { issue, services } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'key.length': 1, 'key.letters': false } }));
    for (let digit = 0; digit < 10; digit++) await issue({ key: String(digit) });
    expect(await services.licenses.count('g1', {})).toBe(10);
    await expect(issue()).rejects.toThrow('make keys longer');
  });
});

describe('the same order and product twice', () => {
  test('needs a confirmation, and another product or order needs none', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ order: 'R-1' });
    const again = { ...by(), product: 'Vault', order: 'R-1', mayManage: true };
    expect(await services.licenses.issue(again)).toEqual({
      ok: false,
      error: { code: 'duplicate-order', order: 'R-1', licenseId: license.id },
    });
    expect(codeOf(await services.licenses.issue({ ...again, order: 'R-2' }))).toBeUndefined();
    expect(codeOf(await services.licenses.issue({ ...again, confirmed: true }))).toBeUndefined();
    valueOf(await services.products.create({ ...by(), name: 'Panel' }));
    expect(codeOf(await services.licenses.issue({ ...again, product: 'Panel' }))).toBeUndefined();
  });

  test('is seen however the order is typed', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ order: 'ORD-1' });
    for (const order of [' ord-1 ', 'Ord-1\u200b', '\u00a0ORD-1']) {
      const again = await services.licenses.issue({ ...by(), product: 'Vault', order, mayManage: true });
      expect(again).toMatchObject({ error: { code: 'duplicate-order', licenseId: license.id } });
    }
    const other = await services.licenses.issue({ ...by(), product: 'Vault', order: 'ORD 1', mayManage: true });
    expect(codeOf(other)).toBeUndefined();
  });

  test('is not asked about when the first one was deleted', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ order: 'R-1' });
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(
      codeOf(await services.licenses.issue({ ...by(), product: null, order: 'R-1', mayManage: true })),
    ).toBeUndefined();
  });
});

describe('staff without Manage Server', () => {
  const asStaff = { guildId: 'g1', actor: staffMember, product: null, mayManage: false };

  test('cannot issue staff licenses, nor make one of a license', async () => {
    const { services, issue } = await open();
    expect(codeOf(await services.licenses.issue({ ...asStaff, staff: true }))).toBe('staff-needs-manage-server');
    const { license } = await issue();
    const edit = { guildId: 'g1', actor: staffMember, licenseId: license.id, staff: true };
    expect(codeOf(await services.licenses.edit({ ...edit, mayManage: false }))).toBe('staff-needs-manage-server');
    expect(valueOf(await services.licenses.edit({ ...edit, mayManage: true })).license.staff).toBe(true);
  });

  test('make at most as many in one call as one commit makes, so that an error leaves no license behind', async () => {
    const { services } = await open();
    expect(await services.licenses.issue({ ...asStaff, amount: 251 })).toMatchObject({
      error: { code: 'amount-invalid', max: 250 },
    });
  });

  test('issue at most so many in 24 hours, together in one call or one by one', async () => {
    const { services, clock } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'issue.perStaffPerDay': 3 } }));
    valueOf(await services.licenses.issue({ ...asStaff, amount: 2 }));
    expect(await services.licenses.issue({ ...asStaff, amount: 2 })).toMatchObject({
      error: { code: 'daily-limit', made: 2, max: 3 },
    });
    valueOf(await services.licenses.issue({ ...asStaff, key: 'own key' }));
    expect(codeOf(await services.licenses.issue({ ...asStaff, key: 'next key' }))).toBe('daily-limit');
    expect(codeOf(await services.licenses.issue({ ...asStaff, mayManage: true }))).toBeUndefined();
    clock.advance(24 * 3_600_000 + 1);
    expect(codeOf(await services.licenses.issue(asStaff))).toBeUndefined();
  });

  test('of 20 calls at once as many succeed as the limit allows', async () => {
    const { services } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'issue.perStaffPerDay': 3 } }));
    const results = await Promise.all(Array.from({ length: 20 }, () => services.licenses.issue(asStaff)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(3);
    expect(await services.licenses.count('g1', {})).toBe(3);
  });
});
