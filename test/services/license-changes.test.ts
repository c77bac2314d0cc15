import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../src/services/services.ts';
import { alice, bob, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';
import { describeLicenseChanges } from '../../src/texts/license-changes.ts';

const open = useServices();
const dayMs = 86_400_000;
const told = (type: string, licenseId: number, reason: string | null = null) => ({
  kind: 'dm',
  userId: alice,
  message: { type, licenseId, reason },
});
const keysTo = (userId: string, why: string, licenseId: number) => ({
  kind: 'dm',
  userId,
  message: { type: 'keys', why, licenseIds: [licenseId] },
});
const roles = (userId: string) => ({ kind: 'roles', userId });

describe('suspending and resuming', () => {
  test('bind the next check, tell the owner why, and are recorded', async () => {
    const { services, storage, issue, check, effects, auditActions } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const target = { guildId: 'g1', actor: staffMember, licenseId: license.id };
    const suspended = valueOf(await services.licenses.suspend({ ...target, reason: ' chargeback ' }));
    expect(suspended.license.suspension?.reason).toBe('chargeback');
    expect(await check({ key })).toMatchObject({ denial: 'suspended' });
    expect(await effects(suspended.effectIds)).toMatchObject([{ message: { type: 'suspended' } }, roles(alice)]);
    expect(codeOf(await services.licenses.suspend(target))).toBe('already-suspended');

    const resumed = valueOf(await services.licenses.resume(target));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    expect(await effects(resumed.effectIds)).toEqual([told('resumed', license.id), roles(alice)]);
    expect(codeOf(await services.licenses.resume(target))).toBe('not-suspended');
    expect(await auditActions(`license:${license.id}`)).toEqual([
      'license.resumed',
      'license.suspended',
      'license.issued',
    ]);
    const [, event] = await storage.audit('g1', {}, { limit: 2, beforeId: null });
    expect(event).toMatchObject({ actor: staffMember, reason: ' chargeback ' });
  });

  test('a silent change notifies no one, and neither does a change of an unclaimed license', async () => {
    const { services, issue, effects } = await open();
    const owned = (await issue({ ownerId: alice })).license;
    const unclaimed = (await issue()).license;
    const suspend = async (licenseId: number, silent: boolean) =>
      effects(valueOf(await services.licenses.suspend({ ...by(), licenseId, silent })).effectIds);
    expect(await suspend(owned.id, true)).toEqual([roles(alice)]);
    expect(await suspend(unclaimed.id, false)).toEqual([]);
  });

  test('a reason that is too long fails', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    const input = { ...by(), licenseId: license.id, reason: 'x'.repeat(501) };
    expect(codeOf(await services.licenses.suspend(input))).toBe('text-too-long');
  });
});

test("staff move the owner's switch, which costs no role", async () => {
  const { services, issue, check, auditActions } = await open();
  const { key, license } = await issue({ ownerId: alice });
  const target = { ...by(), licenseId: license.id };
  expect(valueOf(await services.licenses.switch({ ...target, on: false })).effectIds).toEqual([]);
  expect(await check({ key })).toMatchObject({ denial: 'switched-off' });
  expect(await services.licenses.switch({ ...target, on: false })).toMatchObject({
    error: { code: 'already-switched', off: true },
  });
  valueOf(await services.licenses.switch({ ...target, on: true }));
  expect(await check({ key })).toMatchObject({ result: 'granted' });
  expect(await auditActions(`license:${license.id}`)).toEqual([
    'license.switched-on',
    'license.switched-off',
    'license.issued',
  ]);
});

describe('extending', () => {
  test('counts from the end, or from now if that has passed', async () => {
    const { services, issue, clock, effects, check } = await open();
    const start = clock.now().getTime();
    const { key, license } = await issue({ ownerId: alice, expires: '30d' });
    const extend = () => services.licenses.extend({ ...by(), licenseId: license.id, term: '10d' });
    const extended = valueOf(await extend());
    expect(extended.license.expiresAt).toEqual(new Date(start + 40 * dayMs));
    expect(await effects(extended.effectIds)).toEqual([told('extended', license.id), roles(alice)]);
    clock.advance(50 * dayMs);
    expect(await check({ key })).toMatchObject({ denial: 'expired' });
    expect(valueOf(await extend()).license.expiresAt).toEqual(new Date(start + 60 * dayMs));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
  });

  test('a license that never expires, or a text that is no term, fails', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    const extend = (term: string) => services.licenses.extend({ ...by(), licenseId: license.id, term });
    expect(await extend('10d')).toMatchObject({
      error: { code: 'invalid-expiry', problem: { code: 'never-expires' } },
    });
    expect(codeOf(await extend('soon'))).toBe('invalid-expiry');
  });
});

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
      'HWID forgotten after: inherit → 720 minutes unseen',
      'MAC forgotten after: inherit → never',
    ]);
    expect(await changesOf({ expires: '2199-01-31' })).toEqual([
      'expiry: 30 days from first use → 2199-01-31 23:59 UTC',
    ]);
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

describe('resetting', () => {
  test('forgets the machines, says how many, clears the cooldown, and can be undone', async () => {
    const { services, issue, clock, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { ip: '1', hwid: '1' } });
    await check({ key, hwid: 'one' });
    valueOf(await services.buyers.reset({ userId: alice, licenseId: license.id, what: 'all' }));
    clock.advance(1000);
    await check({ key, hwid: 'one' });
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    clock.advance(1000);
    const done = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'hwid' }));
    expect(done).toMatchObject({ released: { ip: 0, hwid: 1, mac: 0 }, license: { ownerResets: [] } });
    expect(await effects(done.effectIds)).toEqual([told('reset', license.id)]);
    valueOf(await services.licenses.undoReset({ ...by(), licenseId: license.id, at: done.at }));
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    expect(await check({ key, hwid: 'one' })).toMatchObject({ result: 'granted' });
  });

  test('forgets one machine, also where its address is spelled otherwise', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ limits: { ip: '2' } });
    await check({ key, observedIp: '203.0.113.5' });
    await check({ key, observedIp: '203.0.113.6' });
    const reset = (value: string) =>
      services.licenses.reset({ ...by(), licenseId: license.id, what: { kind: 'ip', value } });
    expect(valueOf(await reset('::ffff:203.0.113.5')).released).toEqual({ ip: 1, hwid: 0, mac: 0 });
    expect(codeOf(await reset('203.0.113.5'))).toBe('binding-not-found');
    const left = valueOf(await services.licenses.view('g1', license.id)).bindings;
    expect(left.map(({ value }) => value)).toEqual(['203.0.113.6']);
  });
});

describe('undoing a reset', () => {
  test('is possible for 15 minutes', async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue();
    await check({ key });
    const { at } = valueOf(await services.licenses.reset({ ...by(), licenseId: license.id, what: 'all' }));
    const undo = () => services.licenses.undoReset({ ...by(), licenseId: license.id, at });
    clock.advance(15 * 60_000);
    expect(codeOf(await undo())).toBeUndefined();
    clock.advance(1);
    expect(codeOf(await undo())).toBe('undo-too-late');
  });

  test("does not give a new owner the previous owner's machines", async () => {
    const { services, issue, clock, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    await check({ key });
    const target = { ...by(), licenseId: license.id };
    const { at } = valueOf(await services.licenses.reset({ ...target, what: 'all' }));
    clock.advance(1000);
    valueOf(await services.licenses.reassign({ ...target, ownerId: bob }));
    expect(codeOf(await services.licenses.undoReset({ ...target, at }))).toBe('undo-too-late');
    expect(valueOf(await services.licenses.view('g1', license.id)).bindings).toEqual([]);
  });
});

describe('reassigning', () => {
  test('20 times at once to one person takes effect exactly once', async () => {
    const { services, issue, auditActions } = await open();
    const { license } = await issue({ ownerId: alice });
    const reassign = () => services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: bob, newKey: true });
    const results = await Promise.all(Array.from({ length: 20 }, reassign));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(results.filter(({ ok }) => !ok).map(codeOf))).toEqual(new Set(['already-owner']));
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.reassigned', 'license.issued']);
  });

  test('takes and gives roles, notifies both owners, and releases machines and cooldown', async () => {
    const { services, issue, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { hwid: '1' } });
    await check({ key, hwid: 'one' });
    valueOf(await services.buyers.reset({ userId: alice, licenseId: license.id, what: 'all' }));
    valueOf(await services.buyers.switch({ userId: alice, licenseId: license.id, on: false }));
    const input = { ...by(), licenseId: license.id, ownerId: bob, reason: 'sold' };
    const done = valueOf(await services.licenses.reassign(input));
    expect(done).toMatchObject({
      license: { ownerId: bob, ownerResets: [], switchedOff: false },
      previousOwnerId: alice,
      previousOwnerKnowsKey: true,
      newKey: null,
      machinesKept: false,
    });
    expect(await effects(done.effectIds)).toEqual([
      keysTo(bob, 'reassigned', license.id),
      told('taken-away', license.id, 'sold'),
      roles(alice),
      roles(bob),
    ]);
    expect(await check({ key, hwid: 'two' })).toMatchObject({ result: 'granted' });
    expect(codeOf(await services.buyers.showKey({ userId: alice, licenseId: license.id }))).toBe('license-not-found');
  });

  test('keeps machines where that is asked for', async () => {
    const { services, issue, check } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { hwid: '1' } });
    await check({ key, hwid: 'one' });
    valueOf(await services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: bob, keepMachines: true }));
    expect(await check({ key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
  });

  test('with a new key the previous owner knows nothing that works', async () => {
    const { services, storage, issue, check } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const input = { ...by(), licenseId: license.id, ownerId: bob, newKey: true };
    const done = valueOf(await services.licenses.reassign(input));
    expect(done.previousOwnerKnowsKey).toBe(false);
    expect(await check({ key })).toMatchObject({ denial: 'license-unknown' });
    expect(await check({ key: done.newKey })).toMatchObject({ result: 'granted' });
    expect(await storage.license('g1', { id: license.id })).toMatchObject({ keySuffix: done.license.keySuffix });
    expect(await storage.licenseKey('g1', license.id)).toBe(done.newKey);
  });

  test('gives an unclaimed license away, and makes one unclaimed', async () => {
    const { services, issue, effects } = await open();
    const { license } = await issue();
    const give = valueOf(await services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: alice }));
    expect(give).toMatchObject({ previousOwnerId: null, previousOwnerKnowsKey: false });
    const take = valueOf(await services.licenses.reassign({ ...by(), licenseId: license.id, ownerId: null }));
    expect(take.license.ownerId).toBeNull();
    expect(await effects(take.effectIds)).toEqual([told('taken-away', license.id), roles(alice)]);
  });

  test('to whom it belongs already is a no-op that says so', async () => {
    const { services, issue, auditActions } = await open();
    const { license } = await issue({ ownerId: alice });
    const reassign = (ownerId: string | null) =>
      services.licenses.reassign({ ...by(), licenseId: license.id, ownerId, newKey: true });
    expect(await reassign(alice)).toMatchObject({ error: { code: 'already-owner', userId: alice } });
    expect(codeOf(await reassign('alice'))).toBe('invalid-id');
    valueOf(await reassign(null));
    expect(codeOf(await reassign(null))).toBe('nothing-to-change');
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.reassigned', 'license.issued']);
  });
});

describe('a new key', () => {
  test('replaces the old one, keeps machines, and goes to the owner', async () => {
    const { services, issue, check, effects } = await open();
    const { key, license } = await issue({ ownerId: alice, limits: { hwid: '1' } });
    await check({ key, hwid: 'one' });
    const done = valueOf(await services.licenses.rekey({ ...by(), licenseId: license.id }));
    expect(await check({ key, hwid: 'one' })).toMatchObject({ denial: 'license-unknown' });
    expect(await check({ key: done.key, hwid: 'two' })).toMatchObject({ denial: 'hwid-limit' });
    expect(done.license.keySuffix).toBe(done.key.slice(-5));
    expect(await effects(done.effectIds)).toEqual([keysTo(alice, 'rekeyed', license.id)]);
  });

  test('may be supplied, where no other license has it', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    const other = await issue({ key: 'other key' });
    const rekey = (key: string) => services.licenses.rekey({ ...by(), licenseId: license.id, key });
    expect(valueOf(await rekey('own key')).key).toBe('own key');
    expect(codeOf(await rekey('own key'))).toBe('nothing-to-change');
    expect(codeOf(await rekey(' '))).toBe('key-invalid');
    expect(await rekey('other key')).toMatchObject({ error: { code: 'key-taken', licenseId: other.license.id } });
    expect(codeOf(await services.licenses.rekey({ ...by('g9'), licenseId: license.id }))).toBe('guild-not-found');
  });

  test('that happens to be taken is made up again', async () => {
    const { services, issue } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'key.length': 1, 'key.letters': false } }));
    const { license } = await issue({ key: '0' });
    for (const key of '12345678') await issue({ key });
    const rekey = () => services.licenses.rekey({ ...by(), licenseId: license.id });
    expect(valueOf(await rekey()).key).toBe('9');
    await issue({ key: '0' });
    await expect(rekey()).rejects.toThrow('make keys longer');
  });
});

describe('handing out a key', () => {
  test('resend sends it to its owner and is recorded', async () => {
    const { services, issue, effects, auditActions } = await open();
    const { license } = await issue({ ownerId: alice });
    const done = valueOf(await services.licenses.resend({ ...by(), licenseId: license.id }));
    expect(await effects(done.effectIds)).toEqual([keysTo(alice, 'resent', license.id)]);
    expect(await auditActions(`license:${license.id}`)).toEqual(['license.resent', 'license.issued']);
    const unclaimed = await issue();
    expect(codeOf(await services.licenses.resend({ ...by(), licenseId: unclaimed.license.id }))).toBe('owner-required');
  });

  test('reveal shows it and is recorded', async () => {
    const { services, storage, issue } = await open();
    const { key, license } = await issue();
    const shown = await services.licenses.reveal({ guildId: 'g1', actor: staffMember, licenseId: license.id });
    expect(valueOf(shown).key).toBe(key);
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.revealed', actor: staffMember, subject: `license:${license.id}` });
  });
});

describe('deleting a license', () => {
  test('makes it unknown to checks, keeps its key, and can be taken back for 30 days', async () => {
    const { services, issue, check, clock, effects } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id };
    expect(codeOf(await services.licenses.restore(target))).toBe('license-not-deleted');
    const deleted = valueOf(await services.licenses.delete(target));
    expect(await effects(deleted.effectIds)).toEqual([told('deleted', license.id), roles(alice)]);
    expect(await check({ key })).toMatchObject({ denial: 'license-unknown' });
    clock.advance(30 * dayMs - 1);
    const restored = valueOf(await services.licenses.restore(target));
    expect(await effects(restored.effectIds)).toEqual([told('restored', license.id), roles(alice)]);
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    valueOf(await services.licenses.delete(target));
    clock.advance(30 * dayMs);
    expect(codeOf(await services.licenses.restore(target))).toBe('license-not-found');
  });

  test('a license of a deleted product comes back with the product only', async () => {
    const { services, issue, product } = await open();
    const { license } = await issue();
    valueOf(await services.products.delete({ ...by(), productId: product.id, name: 'Vault' }));
    expect(await services.licenses.restore({ ...by(), licenseId: license.id })).toMatchObject({
      error: { code: 'product-deleted', name: 'Vault' },
    });
  });
});

type Change = (services: Services, licenseId: number, guildId: string) => Promise<{ readonly ok: boolean }>;
const changes: readonly (readonly [string, Change])[] = [
  [
    'edit',
    ({ licenses }, licenseId, guildId) => licenses.edit({ ...by(guildId), licenseId, mayManage: true, name: 'x' }),
  ],
  ['extend', ({ licenses }, licenseId, guildId) => licenses.extend({ ...by(guildId), licenseId, term: '1d' })],
  ['suspend', ({ licenses }, licenseId, guildId) => licenses.suspend({ ...by(guildId), licenseId })],
  ['resume', ({ licenses }, licenseId, guildId) => licenses.resume({ ...by(guildId), licenseId })],
  ['switch', ({ licenses }, licenseId, guildId) => licenses.switch({ ...by(guildId), licenseId, on: false })],
  ['reset', ({ licenses }, licenseId, guildId) => licenses.reset({ ...by(guildId), licenseId, what: 'all' })],
  [
    'undoReset',
    ({ licenses }, licenseId, guildId) =>
      licenses.undoReset({ ...by(guildId), licenseId, at: new Date('2026-03-01T12:00:00.000Z') }),
  ],
  ['reassign', ({ licenses }, licenseId, guildId) => licenses.reassign({ ...by(guildId), licenseId, ownerId: bob })],
  ['rekey', ({ licenses }, licenseId, guildId) => licenses.rekey({ ...by(guildId), licenseId })],
  ['resend', ({ licenses }, licenseId, guildId) => licenses.resend({ ...by(guildId), licenseId })],
  ['delete', ({ licenses }, licenseId, guildId) => licenses.delete({ ...by(guildId), licenseId })],
];

describe.each(changes)('%s', (_name, change) => {
  test('of a deleted license fails, naming it so that it can be restored', async () => {
    const { services, issue } = await open();
    const { license } = await issue({ ownerId: alice });
    valueOf(await services.licenses.delete({ ...by(), licenseId: license.id }));
    expect(await change(services, license.id, 'g1')).toEqual({
      ok: false,
      error: { code: 'license-deleted', licenseId: license.id },
    });
  });

  test('of an unknown license, or one of another guild, fails alike and changes nothing', async () => {
    const { services, storage, issue, addGuild } = await open();
    await addGuild('g2');
    const { license } = await issue({ ownerId: alice });
    const before = await storage.auditAfter(0, 1000);
    const missing = { ok: false, error: { code: 'license-not-found' } };
    expect(await change(services, 4711, 'g1')).toEqual(missing);
    expect(await change(services, license.id, 'g2')).toEqual(missing);
    expect(await storage.license('g1', { id: license.id })).toEqual(license);
    expect(await storage.auditAfter(0, 1000)).toEqual(before);
  });
});
