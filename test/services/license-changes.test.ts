import { describe, expect, test } from '@jest/globals';
import type { Services } from '../../src/services/services.ts';
import { notice, roles } from '../support/license-effects.ts';
import { alice, bob, by, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dayMs = 86_400_000;

describe('suspending and resuming', () => {
  test('bind the next check, tell the owner why, and are recorded', async () => {
    const { services, storage, issue, check, effects, auditActions } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const target = { guildId: 'g1', actor: staffMember, licenseId: license.id };
    const suspended = valueOf(await services.licenses.suspend({ ...target, reason: ' chargeback ' }));
    expect(suspended.license.holds).toMatchObject([{ kind: 'staff', reason: 'chargeback' }]);
    expect(await check({ key })).toMatchObject({ denial: 'suspended' });
    expect(await effects(suspended.effectIds)).toMatchObject([
      { message: { type: 'suspended', hold: 'staff', reason: 'chargeback' } },
      roles(alice),
    ]);
    expect(codeOf(await services.licenses.suspend(target))).toBe('already-suspended');

    const resumed = valueOf(await services.licenses.resume(target));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    expect(await effects(resumed.effectIds)).toMatchObject([
      { message: { type: 'resumed', hold: 'staff', licenseId: license.id } },
      roles(alice),
    ]);
    expect(codeOf(await services.licenses.resume(target))).toBe('not-suspended');
    expect(await auditActions(`license:${license.id}`)).toEqual([
      'license.resumed',
      'license.suspended',
      'license.issued',
    ]);
    const [, event] = await storage.audit('g1', {}, { limit: 2, beforeId: null });
    expect(event).toMatchObject({ actor: staffMember, reason: 'chargeback', details: { hold: 'staff' } });
  });

  test('each hold is set and lifted on its own, and the license stays suspended while it has one', async () => {
    const { services, issue, check, clock } = await open();
    const { key, license } = await issue();
    const target = { ...by(), licenseId: license.id };
    valueOf(await services.licenses.suspend({ ...target, hold: 'dispute', reason: 'case 7' }));
    const since = clock.now();
    clock.advance(dayMs);
    const both = valueOf(await services.licenses.suspend({ ...target, reason: 'rude' }));
    expect(both.license.holds).toEqual([
      { kind: 'staff', at: clock.now(), reason: 'rude' },
      { kind: 'dispute', at: since, reason: 'case 7' },
    ]);
    expect(await services.licenses.suspend({ ...target, hold: 'dispute' })).toMatchObject({
      error: { code: 'already-suspended', hold: 'dispute' },
    });
    // A dispute that is won lifts nothing that staff decided.
    const won = valueOf(await services.licenses.resume({ ...target, hold: 'dispute' }));
    expect(won.lifted).toEqual({ kind: 'dispute', at: since, reason: 'case 7' });
    expect(won.license.holds).toMatchObject([{ kind: 'staff' }]);
    expect(await check({ key })).toMatchObject({ denial: 'suspended' });
    expect(await services.licenses.resume({ ...target, hold: 'dispute' })).toMatchObject({
      error: { code: 'not-suspended', hold: 'dispute', others: ['staff'] },
    });
    valueOf(await services.licenses.resume(target));
    expect(await check({ key })).toMatchObject({ result: 'granted' });
  });

  test('a lifted hold can be set again as it was, and a hold is lifted only as it was set', async () => {
    const { services, storage, issue, clock } = await open();
    const { license } = await issue();
    const target = { ...by(), licenseId: license.id };
    const first = valueOf(await services.licenses.suspend({ ...target, hold: 'lapsed', reason: 'unpaid' }));
    clock.advance(dayMs);
    const { lifted } = valueOf(await services.licenses.resume({ ...target, hold: 'lapsed' }));
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    const { at: since } = lifted;
    expect(event?.details).toEqual({ hold: 'lapsed', since: since.toISOString(), because: 'unpaid' });
    const restored = valueOf(await services.licenses.restoreHold({ ...target, hold: lifted }));
    expect(restored.license.holds).toEqual(first.license.holds);
    expect(codeOf(await services.licenses.restoreHold({ ...target, hold: lifted }))).toBe('already-suspended');
    const undo = { ...target, hold: 'lapsed', setAt: clock.now() } as const;
    expect(codeOf(await services.licenses.resume(undo))).toBe('undo-too-late');
    expect(valueOf(await services.licenses.resume({ ...undo, setAt: since })).license.holds).toEqual([]);
    expect(codeOf(await services.licenses.resume({ ...undo, setAt: since }))).toBe('undo-too-late');
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
    expect(await effects(extended.effectIds)).toEqual([notice('extended', license.id), roles(alice)]);
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

describe('deleting a license', () => {
  test('makes it unknown to checks, keeps its key, and can be taken back for 30 days', async () => {
    const { services, issue, check, clock, effects } = await open();
    const { key, license } = await issue({ ownerId: alice });
    const target = { ...by(), licenseId: license.id };
    expect(codeOf(await services.licenses.restore(target))).toBe('license-not-deleted');
    const deleted = valueOf(await services.licenses.delete(target));
    expect(await effects(deleted.effectIds)).toEqual([notice('deleted', license.id), roles(alice)]);
    expect(await check({ key })).toMatchObject({ denial: 'license-unknown' });
    clock.advance(30 * dayMs - 1);
    const restored = valueOf(await services.licenses.restore(target));
    expect(await effects(restored.effectIds)).toEqual([notice('restored', license.id), roles(alice)]);
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
