import { describe, expect, test } from '@jest/globals';
import { alice, bob, by, carol, staffMember, useServices, valueOf } from '../support/open-services.ts';

const open = useServices();
const address = 'Ana.Lyse@Example.com';
const identity = 'builtbybit:540001';
const staff = { ...by(), actor: staffMember };
const staffId = staffMember.type === 'user' ? staffMember.id : '';
const page = { limit: 100, beforeId: null };

async function openWithBuyer() {
  const world = await open();
  const { services, issue, storage } = world;
  const { customer: buyer } = valueOf(
    await services.customers.add({ ...by(), email: address, addIdentities: [identity], username: 'ana' }),
  );
  const { license, key } = await issue();
  await storage.changeLicense('g1', { id: license.id }, (current) => ({
    next: { ...current, customerId: buyer.id },
    trail: { audit: [], effects: [] },
    result: {},
  }));
  const owner = async () => (await storage.license('g1', { id: license.id }))?.ownerId;
  const effects = async (ids: readonly number[]) => (await storage.effectsById(ids)).map(({ effect }) => effect);
  return { ...world, buyer, license, key, owner, effects };
}

describe('a customer', () => {
  test.each([
    ['the number', '1'],
    ['the number as it is shown', '#1'],
    ['an identity', ' BuiltByBit:540001 '],
    ['the address in another letter case', 'ana.lyse@EXAMPLE.com'],
  ])('is found by %s', async (_what, text) => {
    const { services, buyer } = await openWithBuyer();
    expect(valueOf(await services.customers.resolve('g1', text))).toEqual(buyer);
  });

  test('is found by UUID and Discord user, and several by the address that they share', async () => {
    const { services, buyer } = await openWithBuyer();
    const { customer: second } = valueOf(await services.customers.add({ ...by(), email: address, discordId: alice }));
    expect(valueOf(await services.customers.resolve('g1', buyer.uuid.toUpperCase())).id).toBe(buyer.id);
    expect(valueOf(await services.customers.resolve('g1', `<@${alice}>`)).id).toBe(second.id);
    const error = { code: 'customer-ambiguous', customerIds: [buyer.id, second.id] };
    expect(await services.customers.resolve('g1', address)).toEqual({ ok: false, error });
    expect(await services.customers.findAll('g1', address)).toHaveLength(2);
    expect(await services.customers.resolve('g1', 'nobody')).toEqual({
      ok: false,
      error: { code: 'customer-not-found' },
    });
  });

  test('is searched by a part of a name, and by everything that is exact', async () => {
    const { services, buyer } = await openWithBuyer();
    for (const text of ['AN', '', identity, address]) {
      expect(await services.customers.search('g1', text, 10)).toEqual([{ customer: buyer, user: null }]);
    }
    expect(await services.customers.search('g1', 'bob', 10)).toEqual([]);
  });

  test('brings up the licenses in the search for licenses', async () => {
    const { services, buyer, license } = await openWithBuyer();
    for (const text of [address, identity, buyer.uuid]) {
      const { rows, by: reading } = await services.licenses.find('g1', text, 10);
      expect([rows.map((row) => row.license.id), reading]).toEqual([[license.id], 'customer']);
    }
  });

  test('who gets a Discord user becomes the owner of all licenses, and the roles follow', async () => {
    const { services, buyer, owner, effects } = await openWithBuyer();
    const edit = { ...by(), customerId: buyer.id };
    const { customer, effectIds } = valueOf(await services.customers.edit({ ...edit, discordId: alice }));
    expect(customer).toMatchObject({ discordId: alice, revision: 2, maskedEmail: 'A…@Example.com' });
    expect([await owner(), await effects(effectIds)]).toEqual([alice, [{ kind: 'roles', userId: alice }]]);
    const moved = valueOf(await services.customers.edit({ ...edit, discordId: bob }));
    expect(await effects(moved.effectIds)).toEqual([
      { kind: 'roles', userId: alice },
      { kind: 'roles', userId: bob },
    ]);
    expect(await owner()).toBe(bob);
  });

  test.each([
    [{ email: 'no address' }, { code: 'email-invalid' }],
    [{ addIdentities: ['steam:5'] }, { code: 'identity-invalid' }],
    [{ removeIdentities: ['tebex:5'] }, { code: 'identity-not-found' }],
    [{ discordId: 'x' }, { code: 'invalid-id', what: 'user' }],
    [{ uuid: 'x' }, { code: 'invalid-id', what: 'uuid' }],
    [{ username: 'x'.repeat(101) }, { code: 'text-too-long', field: 'username', max: 100 }],
    [
      { addIdentities: Array.from({ length: 50 }, (_, index) => `other:${index}`) },
      { code: 'too-many-identities', max: 50 },
    ],
    [{ username: 'ana' }, { code: 'nothing-to-change' }],
  ])('stays as it is where %j is wrong', async (change, error) => {
    const { services, storage, buyer } = await openWithBuyer();
    expect(await services.customers.edit({ ...by(), customerId: buyer.id, ...change })).toEqual({ ok: false, error });
    expect(await storage.customer('g1', { id: buyer.id })).toEqual(buyer);
    expect(await services.customers.edit({ ...by(), customerId: 99, username: 'x' })).toMatchObject({
      error: { code: 'customer-not-found' },
    });
  });

  test('is named where another one should get what is theirs alone', async () => {
    const { services, buyer } = await openWithBuyer();
    const taken = { code: 'customer-taken', taken: 'identity', customerId: buyer.id };
    expect(await services.customers.add({ ...by(), addIdentities: [identity] })).toEqual({ ok: false, error: taken });
  });

  test('is changed with an event that names what changed, and neither address nor full name', async () => {
    const { services, storage, buyer } = await openWithBuyer();
    const edit = { ...by(), customerId: buyer.id };
    const change = { email: 'other@example.com', fullName: 'Ana Lyse', username: 'anna', addIdentities: ['tebex:9'] };
    valueOf(await services.customers.edit({ ...edit, ...change }));
    const [event] = await storage.audit('g1', {}, page);
    expect(event).toMatchObject({
      action: 'customer.changed',
      subject: `customer:${buyer.id}`,
      details: {
        username: { before: 'ana', after: 'anna' },
        identities: { before: [identity], after: [identity, 'tebex:9'] },
        fullName: true,
        email: true,
      },
    });
  });
});

describe('an e-mail address', () => {
  test('is shown in clear to whom may see whole keys, and every look is recorded', async () => {
    const { services, storage, buyer } = await openWithBuyer();
    const look = { ...staff, customerId: buyer.id };
    expect(await services.customers.revealEmail(look)).toEqual({ ok: false, error: { code: 'reveal-required' } });
    expect(valueOf(await services.customers.revealEmail({ ...look, mayReveal: true }))).toEqual({ email: address });
    const [event, before] = await storage.audit('g1', {}, page);
    expect(event).toMatchObject({ action: 'customer.revealed', subject: `customer:${buyer.id}`, details: {} });
    expect(before?.action).not.toBe('customer.revealed');
  });
});

describe('a merge', () => {
  test('gives the licenses to the record that stays, corrects roles, and can be undone', async () => {
    const { services, storage, buyer, owner, effects } = await openWithBuyer();
    const { customer: known } = valueOf(await services.customers.add({ ...by(), discordId: alice }));
    const merged = valueOf(await services.customers.merge({ ...by(), from: buyer.id, into: known.id }));
    expect(merged.customer).toMatchObject({ id: known.id, discordId: alice, username: 'ana' });
    expect([await owner(), await effects(merged.effectIds)]).toEqual([alice, [{ kind: 'roles', userId: alice }]]);
    const undone = valueOf(await services.customers.undoMerge({ ...by(), customerId: buyer.id }));
    expect(undone.customer).toMatchObject({ id: buyer.id, discordId: null, username: 'ana' });
    expect([await owner(), await effects(undone.effectIds)]).toEqual([null, [{ kind: 'roles', userId: alice }]]);
    const again = await services.customers.undoMerge({ ...by(), customerId: buyer.id });
    expect(again).toEqual({ ok: false, error: { code: 'undo-too-late' } });
    const events = await storage.audit('g1', {}, { limit: 2, beforeId: null });
    expect(events.map(({ action, subject, details }) => [action, subject, details])).toEqual([
      ['customer.merge-undone', `customer:${buyer.id}`, { into: known.id }],
      ['customer.merged', `customer:${buyer.id}`, { into: known.id }],
    ]);
  });

  test('is refused with itself and with a record that does not exist', async () => {
    const { services, buyer } = await openWithBuyer();
    const merge = (from: number, into: number) => services.customers.merge({ ...by(), from, into });
    expect(await merge(buyer.id, buyer.id)).toEqual({ ok: false, error: { code: 'customer-itself' } });
    expect(await merge(buyer.id, 99)).toEqual({ ok: false, error: { code: 'customer-not-found' } });
  });

  test('by which staff would get keys takes the right to see them, as does making oneself the Discord user', async () => {
    const { services, buyer, owner } = await openWithBuyer();
    const { customer: own } = valueOf(await services.customers.add({ ...by(), discordId: staffId }));
    const { customer: others } = valueOf(await services.customers.add({ ...by(), discordId: carol }));
    const refused = { ok: false, error: { code: 'reveal-required' } };
    expect(await services.customers.merge({ ...staff, from: buyer.id, into: own.id })).toEqual(refused);
    expect(await services.customers.merge({ ...staff, from: own.id, into: buyer.id })).toEqual(refused);
    valueOf(await services.customers.edit({ ...by(), customerId: own.id, discordId: null }));
    expect(await services.customers.edit({ ...staff, customerId: buyer.id, discordId: staffId })).toEqual(refused);
    expect(await services.customers.add({ ...staff, discordId: staffId })).toEqual(refused);
    valueOf(await services.customers.merge({ ...staff, from: buyer.id, into: others.id }));
    expect(await owner()).toBe(carol);
  });
});

test('redeeming a key tells who the customer is: all that was bought belongs to the one who redeems', async () => {
  const { services, storage, buyer, key, license, issue, owner } = await openWithBuyer();
  const known = await issue({ ownerId: alice });
  valueOf(await services.buyers.redeem({ userId: alice, key, guildId: 'g1' }));
  expect(await owner()).toBe(alice);
  const customer = await storage.customer('g1', { discordId: alice });
  expect(customer).toMatchObject({ id: known.license.customerId, maskedEmail: 'A…@Example.com' });
  expect(customer?.identities).toEqual(buyer.identities);
  expect((await storage.license('g1', { id: license.id }))?.customerId).toBe(customer?.id);
});
