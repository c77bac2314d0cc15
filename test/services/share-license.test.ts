import { describe, expect, test } from '@jest/globals';
import { notice, roles } from '../support/license-effects.ts';
import { alice, bob, by, carol, codeOf, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const dave = '100000000000000004';
const erin = '100000000000000005';

async function openShared() {
  const world = await open();
  const { key, license } = await world.issue({ ownerId: alice, limits: { hwid: '2' } });
  const own = { userId: alice, licenseId: license.id };
  valueOf(await world.services.buyers.share({ ...own, helperId: bob }));
  const staff = { ...by(), licenseId: license.id };
  const helper = { userId: bob, licenseId: license.id };
  return { ...world, key, license, own, staff, helper };
}

describe('sharing a license', () => {
  test('notifies the helper and corrects their roles, by owner and staff alike; ending it does so too', async () => {
    const { services, storage, issue, effects, auditActions } = await open();
    const { license } = await issue({ ownerId: alice });
    const own = { userId: alice, licenseId: license.id };
    const shared = valueOf(await services.buyers.share({ ...own, helperId: `<@${bob}>` }));
    expect(shared.license.helperIds).toEqual([bob]);
    expect(await effects(shared.effectIds)).toEqual([notice('shared', license.id, null, bob), roles(bob)]);
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    const actor = { type: 'user', id: alice };
    expect(event).toMatchObject({ action: 'license.shared', actor, details: { helper: bob } });
    const staff = { ...by(), licenseId: license.id, reason: 'a team' };
    const more = valueOf(await services.licenses.share({ ...staff, helperId: carol }));
    expect(await effects(more.effectIds)).toEqual([notice('shared', license.id, 'a team', carol), roles(carol)]);
    const ended = valueOf(await services.buyers.unshare({ ...own, helperId: bob }));
    expect(ended.license.helperIds).toEqual([carol]);
    expect(await effects(ended.effectIds)).toEqual([notice('unshared', license.id, null, bob), roles(bob)]);
    const quiet = valueOf(await services.licenses.unshare({ ...staff, helperId: carol, silent: true }));
    expect(await effects(quiet.effectIds)).toEqual([roles(carol)]);
    expect(await auditActions(`license:${license.id}`)).toEqual([
      ...['license.unshared', 'license.unshared', 'license.shared', 'license.shared', 'license.issued'],
    ]);
  });

  test('is refused where it means nothing or goes beyond the limit of the server', async () => {
    const { services, staff, own } = await openShared();
    const share = async (helperId: string) => codeOf(await services.buyers.share({ ...own, helperId }));
    expect(await share('bob')).toBe('invalid-id');
    expect(await share(alice)).toBe('helper-is-owner');
    expect(await share(bob)).toBe('already-helper');
    expect(codeOf(await services.buyers.unshare({ ...own, helperId: carol }))).toBe('not-helper');
    valueOf(await services.blacklist.add({ ...by(), type: 'user', value: erin, confirmed: true }));
    expect(await share(erin)).toBe('helper-blacklisted');
    expect([await share(carol), await share(dave)]).toEqual([undefined, undefined]);
    expect(await share('100000000000000006')).toBe('helpers-full');
    expect(codeOf(await services.licenses.share({ ...staff, helperId: '100000000000000006' }))).toBe('helpers-full');
    valueOf(await services.settings.patch({ ...by(), patch: { 'limits.helpers': 0 } }));
    expect(await share('100000000000000006')).toBe('sharing-off');
    expect(codeOf(await services.buyers.unshare({ ...own, helperId: dave }))).toBeUndefined();
    expect(valueOf(await services.buyers.sharing(own))).toMatchObject({
      max: 0,
      helpers: [{ id: bob }, { id: carol }],
    });
  });

  test('of a license without an owner is refused: nobody could end it', async () => {
    const { services, issue } = await open();
    const { license } = await issue();
    const shared = await services.licenses.share({ ...by(), licenseId: license.id, helperId: bob });
    expect(codeOf(shared)).toBe('owner-required');
  });

  test('with oneself shows staff the key where helpers see it, which needs that permission and is audited', async () => {
    const { services, own, staff, auditActions } = await openShared();
    const [me, actor] = ['900000000000000001', staffMember];
    const share = (mayReveal: boolean) => services.licenses.share({ ...staff, actor, helperId: me, mayReveal });
    valueOf(await services.buyers.showKeyToHelpers({ ...own, isShown: true }));
    expect(codeOf(await share(false))).toBe('reveal-required');
    valueOf(await share(true));
    expect((await auditActions(`license:${own.licenseId}`)).slice(0, 2)).toEqual([
      'license.revealed',
      'license.shared',
    ]);
    valueOf(await services.licenses.unshare({ ...staff, helperId: me }));
    valueOf(await services.buyers.showKeyToHelpers({ ...own, isShown: false }));
    valueOf(await share(false));
  });

  test('ends when the license gets another owner, who decides anew', async () => {
    const { services, own, staff, license, effects } = await openShared();
    valueOf(await services.buyers.share({ ...own, helperId: carol }));
    valueOf(await services.buyers.showKeyToHelpers({ ...own, isShown: true }));
    const moved = valueOf(await services.licenses.reassign({ ...staff, ownerId: carol, silent: false }));
    expect(moved.license).toMatchObject({ ownerId: carol, helperIds: [], helpersSeeKey: false });
    expect(moved.previousHelperIds).toEqual([bob, carol]);
    const told = (await effects(moved.effectIds)).filter(({ kind }) => kind === 'roles');
    expect(told).toEqual([roles(alice), roles(bob), roles(carol)]);
    expect(await effects(moved.effectIds)).toContainEqual(notice('unshared', license.id, null, bob));
    const unshared = (await effects(moved.effectIds)).filter(
      (one) => one.kind === 'dm' && one.message.type === 'unshared',
    );
    expect(unshared.map(({ userId }) => userId)).toEqual([bob]);
  });
});

describe('a helper', () => {
  test('sees the license marked as shared, after their own, and looks at its machines and checks', async () => {
    const { services, issue, check, key, helper, license } = await openShared();
    const mine = await issue({ ownerId: bob });
    await check({ key, hwid: 'PC' });
    const { cards } = await services.buyers.licenses(bob, 'g1', { number: 0, size: 10 });
    expect(cards.map((card) => [card.license.id, card.isShared])).toEqual([
      [mine.license.id, false],
      [license.id, true],
    ]);
    expect(valueOf(await services.buyers.license(helper)).bindingCounts.hwid).toBe(1);
    expect(valueOf(await services.buyers.checks(helper, 10))).toHaveLength(1);
  });

  test('sees the key only while the owner allows it', async () => {
    const { services, own, helper, key } = await openShared();
    expect(codeOf(await services.buyers.showKey(helper))).toBe('key-hidden');
    valueOf(await services.buyers.showKeyToHelpers({ ...own, isShown: true }));
    expect(codeOf(await services.buyers.showKeyToHelpers({ ...own, isShown: true }))).toBe('nothing-to-change');
    expect(valueOf(await services.buyers.showKey(helper)).key).toBe(key);
    valueOf(await services.buyers.showKeyToHelpers({ ...own, isShown: false }));
    expect(codeOf(await services.buyers.showKey(helper))).toBe('key-hidden');
  });

  test('forgets one machine within the cooldown of the owner, which it counts towards', async () => {
    const { services, storage, check, key, own, helper } = await openShared();
    await check({ key, hwid: 'one' });
    await check({ key, hwid: 'two' });
    for (const what of ['all', 'hwid'] as const) {
      expect(codeOf(await services.buyers.reset({ ...helper, what }))).toBe('one-machine-only');
    }
    const forget = (who: typeof own, value: string) => services.buyers.reset({ ...who, what: { kind: 'hwid', value } });
    valueOf(await forget(helper, 'one'));
    const [event] = await storage.audit('g1', {}, { limit: 1, beforeId: null });
    expect(event).toMatchObject({ action: 'license.reset', actor: { id: bob }, details: { byHelper: true } });
    expect(await check({ key, hwid: 'three' })).toMatchObject({ result: 'granted' });
    expect(codeOf(await forget(helper, 'two'))).toBe('reset-wait');
    expect(codeOf(await forget(own, 'two'))).toBe('reset-wait');
  });

  test('can neither pause nor share the license, nor let others see its key', async () => {
    const { services, helper } = await openShared();
    const answers = [
      await services.buyers.switch({ ...helper, on: false }),
      await services.buyers.sharing(helper),
      await services.buyers.share({ ...helper, helperId: carol }),
      await services.buyers.unshare({ ...helper, helperId: bob }),
      await services.buyers.showKeyToHelpers({ ...helper, isShown: true }),
    ];
    for (const answer of answers) expect(codeOf(answer)).toBe('not-owner');
  });

  test('has nothing left to do once it is no longer shared', async () => {
    const { services, own, helper } = await openShared();
    valueOf(await services.buyers.unshare({ ...own, helperId: bob }));
    expect((await services.buyers.licenses(bob, null, { number: 0, size: 10 })).cards).toEqual([]);
    const what = { kind: 'hwid', value: 'one' } as const;
    const answers = [await services.buyers.license(helper), await services.buyers.reset({ ...helper, what })];
    for (const answer of answers) expect(codeOf(answer)).toBe('license-not-found');
  });

  test('whose sharing ends while they reset it forgets nothing', async () => {
    const { services, storage, check, key, own, helper } = await openShared();
    await check({ key, hwid: 'one' });
    // The reset has read that the license is shared with them, and reads its machines, when the sharing ends.
    const { bindings } = storage;
    Object.assign(storage, {
      bindings: async (...asked: Parameters<typeof bindings>) => {
        await services.buyers.unshare({ ...own, helperId: bob });
        return bindings(...asked);
      },
    });
    const reset = await services.buyers.reset({ ...helper, what: { kind: 'hwid', value: 'one' } });
    expect(codeOf(reset)).toBe('license-not-found');
    expect(await bindings('g1', own.licenseId, 10)).toMatchObject({ counts: { hwid: 1 } });
  });
});

describe('the roles of a helper', () => {
  const customer = '700000000000000001';

  async function openWithRole() {
    const world = await openShared();
    valueOf(await world.services.settings.patch({ ...by(), patch: { 'roles.customer': customer } }));
    const earned = () => world.services.members.earnedRoles('g1', bob);
    return { ...world, earned };
  }

  test('are those that the license earns, and go with it', async () => {
    const { services, own, earned, staff } = await openWithRole();
    expect(await earned()).toEqual([customer]);
    valueOf(await services.licenses.suspend(staff));
    expect(await earned()).toEqual([]);
    valueOf(await services.licenses.resume(staff));
    valueOf(await services.buyers.unshare({ ...own, helperId: bob }));
    expect(await earned()).toEqual([]);
  });

  test('are corrected with those of the owner by everything that changes them', async () => {
    const { services, storage, clock, staff, effects, product } = await openWithRole();
    const both = [roles(alice), roles(bob)];
    const rolesOf = async (ids: readonly number[]) => (await effects(ids)).filter(({ kind }) => kind === 'roles');
    const { licenses } = services;
    const changes = [
      await licenses.suspend(staff),
      await licenses.resume(staff),
      await licenses.edit({ ...staff, mayManage: true, expires: '1d' }),
      await licenses.extend({ ...staff, term: '12h' }),
      await licenses.delete(staff),
      await licenses.restore(staff),
    ];
    for (const change of changes) expect(await rolesOf(valueOf(change).effectIds)).toEqual(both);
    const queued = async () => {
      const claimed = await storage.claimEffects('roles', 100, 1_000);
      for (const { id } of claimed)
        await storage.finishEffect(id, { status: 'done', outcome: null, dueAt: null }, null);
      return new Set(claimed.map(({ effect }) => effect.userId));
    };
    await queued();
    clock.advance(2 * 86_400_000);
    expect(await services.upkeep.expire()).toBe(1);
    expect(await queued()).toEqual(new Set([alice, bob]));
    valueOf(await services.products.edit({ ...by(), productId: product.id, buyerRoleId: '700000000000000002' }));
    expect(await queued()).toEqual(new Set([alice, bob]));
    expect(await effects((await services.members.joined('g1', bob)).effectIds)).toEqual([roles(bob)]);
  });

  test('are taken while the helper is blacklisted, and the license still works', async () => {
    const { services, effects, earned, check, key } = await openWithRole();
    const entry = { ...by(), type: 'user', value: bob, confirmed: true } as const;
    const added = valueOf(await services.blacklist.add(entry));
    expect(await effects(added.effectIds)).toEqual([roles(bob)]);
    expect(await earned()).toEqual([]);
    expect(await check({ key })).toMatchObject({ result: 'granted' });
    valueOf(await services.blacklist.remove({ ...by(), id: added.entry.id }));
    expect(await earned()).toEqual([customer]);
    const others = valueOf(await services.blacklist.add({ ...entry, value: carol }));
    expect(await effects(others.effectIds)).toEqual([]);
  });
});
