import { describe, expect, test } from '@jest/globals';
import { addLicenses, checkedCustomerId, newLicense, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';
import { newCustomer, openWithCustomerRecords } from './customer-records.ts';

const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const [shop, other] = [
  { system: 'builtbybit', id: '540001' },
  { system: 'tebex', id: '9' },
] as const;
const meta = (key: string, value: string) => ({ key, value, returned: false });

export function describeCustomerMerges(openStage: OpenStage): void {
  describe('merged customers', () => {
    async function open() {
      const stage = await openWithCustomerRecords(openStage);
      const { storage } = stage;
      const merge = (from: number, into: number) =>
        storage.mergeCustomers('g1', { from, into }, (one, two) =>
          aTrail('customer.merged', `customer:${one.id} customer:${two.id}`),
        );
      const unmerge = (id: number) =>
        storage.unmergeCustomer('g1', id, () => aTrail('customer.merge-undone', `customer:${id}`));
      const claim = (licenseId: number, ownerId: string) =>
        storage.changeLicense('g1', { id: licenseId }, (current) => ({
          next: { ...current, ownerId, revision: current.revision + 1 },
          isClaim: true,
          trail: aTrail('license.redeemed'),
          result: {},
        }));
      return { ...stage, merge, unmerge, claim };
    }

    test('are one: licenses and all that the other record lacks follow, and what both have stays', async () => {
      const { storage, add, license, merge, read, belongs } = await open();
      const bought = { username: 'ana', metadata: [meta('tier', 'gold'), meta('since', '2024')] };
      const from = await add({ uuid, identities: [shop], email: 'ana@example.com', ...bought });
      const into = await add({ discordId: '7', identities: [other], fullName: 'Ana', metadata: [meta('tier', 'old')] });
      const [first, second] = [
        await license({ key: 'FIRST', customerId: from.id }),
        await license({ key: 'SECOND', ownerId: '7' }),
      ];
      const merged = await merge(from.id, into.id);
      const customer = {
        ...into,
        uuid,
        identities: [other, shop],
        maskedEmail: 'a…@example.com',
        username: 'ana',
        metadata: [meta('tier', 'old'), meta('since', '2024')],
        revision: 2,
        updatedAt: expect.any(Date),
      };
      expect(merged).toEqual({ from, customer, effectIds: [expect.any(Number)] });
      expect(await read(into.id)).toEqual(customer);
      expect([await read(from.id), await storage.customer('g1', { identity: shop })]).toEqual([null, customer]);
      expect(await storage.customerEmail('g1', into.id)).toBe('ana@example.com');
      expect((await storage.customersByEmail('g1', 'ANA@example.com')).map(({ id }) => id)).toEqual([into.id]);
      for (const { id } of [first, second]) expect(await belongs(id)).toEqual({ customerId: into.id, ownerId: '7' });
      for (const key of ['FIRST', 'SECOND']) expect(await checkedCustomerId(storage, key)).toBe(uuid);
      expect(await auditOf(storage, 'g1')).toEqual([`customer.merged customer:${from.id} customer:${into.id}`]);
    });

    test('keep the Discord user, the address and the supplied UUID of the record that stays', async () => {
      const { storage, add, license, merge, read, belongs } = await open();
      const from = await add({ uuid, discordId: '7', email: 'a@example.com', username: 'from' });
      const own = { uuid: uuid.replace('1', '2'), discordId: '8', email: 'b@example.com', username: 'into' };
      const into = await add(own);
      const made = await license({ key: 'MADE', ownerId: '7' });
      await merge(from.id, into.id);
      expect(await read(into.id)).toMatchObject({ uuid: own.uuid, discordId: '8', username: 'into' });
      expect(await storage.customerEmail('g1', into.id)).toBe('b@example.com');
      expect(await belongs(made.id)).toEqual({ customerId: into.id, ownerId: '8' });
      expect(await checkedCustomerId(storage, 'MADE')).toBe(own.uuid);
      expect(await storage.licensesOf('7')).toEqual([]);
      // The other Discord user is a customer of their own from now on.
      expect(await license({ ownerId: '7' })).toMatchObject({ ownerId: '7' });
      expect((await storage.customer('g1', { discordId: '7' }))?.id).not.toBe(into.id);
    });

    test('are two again after an undo, each as it was', async () => {
      const { storage, add, license, merge, unmerge, read, belongs } = await open();
      const from = await add({ uuid, discordId: '7', identities: [shop], email: 'ana@example.com', username: 'ana' });
      const into = await add({ identities: [other], metadata: [meta('tier', 'old')] });
      const [moved, own, gone] = [
        await license({ key: 'MOVED', ownerId: '7' }),
        await license({ key: 'OWN', customerId: into.id }),
        await license({ key: 'GONE', ownerId: '7' }),
      ];
      await merge(from.id, into.id);
      expect(await belongs(own.id)).toEqual({ customerId: into.id, ownerId: '7' });
      await storage.changeLicense('g1', { id: gone.id }, (current) => ({
        next: { ...current, ownerId: '9' },
        trail: noTrail,
        result: {},
      }));
      const undone = await unmerge(from.id);
      const restored = { ...from, revision: 2, updatedAt: expect.any(Date) };
      expect(undone).toMatchObject({ restored, from: { id: into.id } });
      expect(await read(from.id)).toEqual(restored);
      expect(await read(into.id)).toEqual({ ...into, revision: 3, updatedAt: expect.any(Date) });
      expect(await storage.customerEmail('g1', from.id)).toBe('ana@example.com');
      expect(await storage.customerEmail('g1', into.id)).toBeNull();
      expect(await belongs(moved.id)).toEqual({ customerId: from.id, ownerId: '7' });
      expect(await belongs(own.id)).toEqual({ customerId: into.id, ownerId: null });
      expect(await belongs(gone.id)).toMatchObject({ ownerId: '9' });
      expect(await checkedCustomerId(storage, 'MOVED')).toBe(uuid);
      expect(await unmerge(from.id)).toBeNull();
      expect(await storage.customer('g1', { identity: shop })).toEqual(restored);
    });

    test('keep what was changed since, when the merge is undone', async () => {
      const { storage, add, change, merge, unmerge, read } = await open();
      const from = await add({ identities: [shop], email: 'ana@example.com', username: 'ana' });
      const into = await add();
      await merge(from.id, into.id);
      await change(into.id, { username: 'renamed' }, 'new@example.com');
      await unmerge(from.id);
      expect(await read(into.id)).toMatchObject({ username: 'renamed', maskedEmail: 'n…@example.com', identities: [] });
      expect(await read(from.id)).toMatchObject({ username: 'ana', maskedEmail: 'a…@example.com', identities: [shop] });
      expect(await storage.customerEmail('g1', into.id)).toBe('new@example.com');
    });

    test('are not separated when another customer has what was theirs by now, or the other record was merged on', async () => {
      const { add, change, merge, unmerge, read } = await open();
      const [from, into, last] = [await add({ identities: [shop] }), await add(), await add()];
      await merge(from.id, into.id);
      await merge(into.id, last.id);
      expect(await unmerge(from.id)).toBeNull();
      await unmerge(into.id);
      await change(into.id, { identities: [] });
      await change(last.id, { identities: [shop] });
      expect(await unmerge(from.id)).toEqual({ taken: true });
      expect(await read(from.id)).toBeNull();
      await change(last.id, { identities: [] });
      expect(await unmerge(from.id)).toMatchObject({ restored: { identities: [shop] } });
    });

    test('that two calls merge at once, crosswise as well, are one record', async () => {
      const { storage, add, license, merge, installation, belongs } = await open();
      const second = await installation.open();
      const [a, b, c] = [await add({ identities: [shop] }), await add({ identities: [other] }), await add()];
      const made = [await license({ customerId: a.id }), await license({ customerId: b.id })];
      const elsewhere = (from: number, into: number) => second.mergeCustomers('g1', { from, into }, () => aTrail());
      await Promise.all([merge(a.id, b.id), elsewhere(b.id, a.id), merge(b.id, c.id), elsewhere(c.id, a.id)]);
      for (const { id } of await storage.customers('g1', {}, { limit: 10, beforeId: null })) {
        for (const each of [a, b, c]) if (each.id !== id) await merge(each.id, id);
      }
      const [left, ...others] = await storage.customers('g1', {}, { limit: 10, beforeId: null });
      expect(others).toEqual([]);
      expect(left?.identities).toHaveLength(2);
      for (const { id } of made) expect(await belongs(id)).toEqual({ customerId: left?.id, ownerId: null });
    });

    test('are not merged with themselves, a stranger or a record of another guild', async () => {
      const { storage, add, merge, read } = await open();
      const one = await add();
      expect([await merge(one.id, one.id), await merge(one.id, 999), await merge(999, one.id)]).toEqual([
        null,
        null,
        null,
      ]);
      expect(await storage.mergeCustomers('g2', { from: one.id, into: one.id + 1 }, () => aTrail())).toBeNull();
      expect(await read(one.id)).toEqual(one);
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('a claim gives a customer without Discord user the one who claims, with all licenses', async () => {
      const { storage, add, license, claim, belongs, read } = await open();
      const buyer = await add({ uuid, identities: [shop] });
      const [one, two] = [await license({ customerId: buyer.id }), await license({ customerId: buyer.id })];
      await claim(one.id, '7');
      for (const { id } of [one, two]) expect(await belongs(id)).toEqual({ customerId: buyer.id, ownerId: '7' });
      expect(await read(buyer.id)).toMatchObject({ discordId: '7', uuid });
      expect(await storage.customers('g1', {}, { limit: 10, beforeId: null })).toHaveLength(1);
    });

    test('a claim by a Discord user with a record makes both one', async () => {
      const { storage, add, license, claim, belongs } = await open();
      const known = await license({ ownerId: '7' });
      const buyer = await add({ uuid, identities: [shop], email: 'ana@example.com' });
      const [one, two] = [await license({ customerId: buyer.id }), await license({ customerId: buyer.id })];
      await claim(one.id, '7');
      for (const { id } of [one, two, known]) {
        expect(await belongs(id)).toEqual({ customerId: known.customerId, ownerId: '7' });
      }
      const merged = await storage.customer('g1', { discordId: '7' });
      expect(merged).toMatchObject({ id: known.customerId, uuid, identities: [shop], maskedEmail: 'a…@example.com' });
      expect(await auditOf(storage, 'g1')).toEqual(['license.redeemed license:1']);
    });

    test('of many claims of one license at once, one finds it unclaimed, and the customer has one Discord user', async () => {
      const { storage, add, license, belongs } = await open();
      const buyer = await add({ identities: [shop] });
      const made = await license({ customerId: buyer.id });
      const claims = Array.from({ length: 8 }, (_, index) =>
        storage.changeLicense<{ readonly isWon: boolean }>('g1', { id: made.id }, (current) =>
          current.ownerId === null
            ? { next: { ...current, ownerId: `10${index}` }, isClaim: true, trail: noTrail, result: { isWon: true } }
            : { next: null, trail: noTrail, result: { isWon: false } },
        ),
      );
      const won = (await Promise.all(claims)).filter((one) => one !== null && 'isWon' in one && one.isWon);
      expect(won).toHaveLength(1);
      const { ownerId, customerId } = await belongs(made.id);
      expect(await storage.customer('g1', { identity: shop })).toMatchObject({ id: customerId, discordId: ownerId });
    });

    test('move more licenses than one step does, and get them back', async () => {
      const { storage, product, add, merge, unmerge } = await open();
      const [from, into] = [await add(), await add({ discordId: '7' })];
      const many = Array.from({ length: 1_100 }, (_, index) =>
        newLicense(product.id, { key: `MANY-${index}`, customerId: from.id }),
      );
      await addLicenses(storage, 'g1', many);
      const counts = async () => [
        await storage.countLicensesBy('g1', { customerId: from.id }),
        await storage.countLicensesBy('g1', { customerId: into.id }),
        await storage.countLicensesBy('g1', { ownerId: '7' }),
      ];
      await merge(from.id, into.id);
      expect(await counts()).toEqual([0, 1_100, 1_100]);
      await unmerge(from.id);
      expect(await counts()).toEqual([1_100, 0, 0]);
    });

    test('do not stop a new record with what was theirs', async () => {
      const { storage, add, merge } = await open();
      const [from, into] = [await add({ uuid, discordId: '7' }), await add({ uuid: uuid.replace('1', '2') })];
      await merge(from.id, into.id);
      const made = await storage.createCustomer('g1', newCustomer({ uuid }), () => noTrail);
      expect(made).toMatchObject({ customer: { uuid } });
    });
  });
}
