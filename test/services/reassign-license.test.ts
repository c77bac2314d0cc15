import { describe, expect, test } from '@jest/globals';
import { keysTo, notice, roles } from '../support/license-effects.ts';
import { alice, bob, by, codeOf, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();

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
      notice('taken-away', license.id, 'sold'),
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
    expect(await effects(take.effectIds)).toEqual([notice('taken-away', license.id), roles(alice)]);
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
