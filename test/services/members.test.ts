import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const customer = '500000000000000001';
const vaultRole = '500000000000000002';
const panelRole = '500000000000000003';

describe.each([
  ['leaves', 'member.onLeave', 'left', 'Owner left the server (automatic: member.onLeave)'],
  ['is banned', 'member.onBan', 'banned', 'Owner was banned from the server (automatic: member.onBan)'],
] as const)('when a member %s', (_what, setting, event, reason) => {
  test('nothing happens by default', async () => {
    const { services, storage, issue } = await open();
    await issue({ ownerId: alice });
    expect(await services.members[event]('g1', alice)).toEqual({ suspended: 0 });
    expect(await storage.alertsAfter(0, 10)).toEqual([]);
  });

  test('staff are alerted where that is set, and only about owners', async () => {
    const { services, storage, issue } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { [setting]: 'alert' } }));
    const { license } = await issue({ ownerId: alice });
    await services.members[event]('g1', alice);
    await services.members[event]('g1', bob);
    const alerts = await storage.alertsAfter(0, 10);
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ guildId: 'g1', subject: `user:${alice}` });
    expect(alerts[0]?.text).toContain(String(license.id));
  });

  test('their licenses of this guild are suspended where that is set', async () => {
    const { services, storage, issue, addGuild } = await open();
    await addGuild('g2');
    valueOf(await services.settings.patch({ ...by(), patch: { [setting]: 'suspend' } }));
    const { license } = await issue({ ownerId: alice });
    const suspended = await issue({ ownerId: alice });
    valueOf(await services.licenses.suspend({ ...by(), licenseId: suspended.license.id, reason: 'before' }));
    const elsewhere = await issue({ ...by('g2'), ownerId: alice });
    const others = await issue({ ownerId: bob });
    expect(await services.members[event]('g1', alice)).toEqual({ suspended: 2 });
    const holds = async (guildId: string, id: number) => (await storage.license(guildId, { id }))?.holds;
    expect(await holds('g1', license.id)).toMatchObject([{ kind: 'left', reason }]);
    expect(await holds('g1', suspended.license.id)).toMatchObject([
      { kind: 'staff', reason: 'before' },
      { kind: 'left', reason },
    ]);
    expect(await holds('g2', elsewhere.license.id)).toEqual([]);
    expect(await holds('g1', others.license.id)).toEqual([]);
    const [last] = await storage.audit('g1', { action: 'license.suspended' }, { limit: 1, beforeId: null });
    expect(last).toMatchObject({ actor: { type: 'system' }, reason });
  });
});

describe('when they come back', () => {
  test('staff are offered to lift what the departure set, and what staff decided stays', async () => {
    const { services, storage, issue } = await open();
    valueOf(await services.settings.patch({ ...by(), patch: { 'member.onLeave': 'suspend' } }));
    const { license } = await issue({ ownerId: alice });
    const other = await issue({ ownerId: alice });
    valueOf(await services.licenses.suspend({ ...by(), licenseId: other.license.id, reason: 'refund' }));
    await services.members.left('g1', alice);
    await services.members.joined('g1', alice);
    const both = `license ${other.license.id}, license ${license.id}`;
    expect(await storage.alertsAfter(0, 10)).toMatchObject([
      { kind: 'member.returned', subject: `user:${alice}`, text: expect.stringContaining(`: ${both}.`) },
    ]);
    const isSuspended = async (id: number) => (await storage.license('g1', { id }))?.holds.length !== 0;
    expect(await isSuspended(license.id)).toBe(true);
    const resumed = await services.members.resumeAfterDeparture({ ...by(), userId: alice });
    expect(resumed.licenses).toMatchObject([
      { id: other.license.id, holds: [{ kind: 'staff', reason: 'refund' }] },
      { id: license.id, holds: [] },
    ]);
    expect([await isSuspended(license.id), await isSuspended(other.license.id)]).toEqual([false, true]);
  });

  test('nothing is offered where nothing was suspended for that', async () => {
    const { services, storage, issue } = await open();
    const { license } = await issue({ ownerId: alice });
    valueOf(await services.licenses.suspend({ ...by(), licenseId: license.id, reason: 'Owner left the server' }));
    await services.members.joined('g1', alice);
    expect(await storage.alertsAfter(0, 10)).toEqual([]);
    expect(await services.members.suspendedByDeparture('g1', alice)).toEqual([]);
  });
});

test('who joins with licenses gets their roles, who has none causes nothing', async () => {
  const { services, issue, effects } = await open();
  await issue({ ownerId: alice });
  expect(await effects((await services.members.joined('g1', alice)).effectIds)).toEqual([
    { kind: 'roles', userId: alice },
  ]);
  expect(await services.members.joined('g1', bob)).toEqual({ effectIds: [] });
  expect(await services.members.joined('g9', alice)).toEqual({ effectIds: [] });
});

describe('roles that licenses earn', () => {
  async function shop() {
    const world = await open();
    const { services, product } = world;
    valueOf(await services.settings.patch({ ...by(), patch: { 'roles.customer': customer } }));
    valueOf(await services.products.edit({ ...by(), productId: product.id, buyerRoleId: vaultRole }));
    valueOf(await services.products.create({ ...by(), name: 'Panel', buyerRoleId: panelRole }));
    const wanted = (userId = alice, guildId = 'g1') => services.members.earnedRoles(guildId, userId);
    return { ...world, wanted };
  }

  test("are the customer role and each product's, once", async () => {
    const { issue, wanted } = await shop();
    await issue({ ownerId: alice, product: 'Vault', amount: 2 });
    expect(await wanted()).toEqual([customer, vaultRole]);
    await issue({ ownerId: alice, product: 'Panel' });
    expect((await wanted()).toSorted()).toEqual([customer, vaultRole, panelRole]);
    expect(await wanted(bob)).toEqual([]);
  });

  test('stay while the owner pauses, and go with suspension, end and deletion', async () => {
    const { services, issue, clock, wanted } = await shop();
    const { license } = await issue({ ownerId: alice, product: 'Vault', expires: '1d' });
    const target = { ...by(), licenseId: license.id };
    valueOf(await services.licenses.switch({ ...target, on: false }));
    expect(await wanted()).toEqual([customer, vaultRole]);
    valueOf(await services.licenses.suspend(target));
    expect(await wanted()).toEqual([]);
    valueOf(await services.licenses.resume(target));
    expect(await wanted()).toEqual([customer, vaultRole]);
    valueOf(await services.licenses.delete(target));
    expect(await wanted()).toEqual([]);
    valueOf(await services.licenses.restore(target));
    clock.advance(86_400_000);
    valueOf(await services.licenses.switch({ ...target, on: true }));
    expect(await wanted()).toEqual([]);
  });

  test('of another guild are not earned here', async () => {
    const { issue, addGuild, wanted } = await shop();
    await addGuild('g2');
    await issue({ ...by('g2'), ownerId: alice });
    expect(await wanted()).toEqual([]);
    expect(await wanted(alice, 'g2')).toEqual([]);
    expect(await wanted(alice, 'g9')).toEqual([]);
  });
});
