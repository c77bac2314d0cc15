import { describe, expect, test } from '@jest/globals';
import type { Customer } from '../../../src/domain/customers/customer.ts';
import type { NewLicense } from '../../../src/storage/port/licenses.ts';
import type { NewCustomer } from '../../../src/storage/port/customers.ts';
import { addLicense, addPopulatedGuild, checkedCustomerId, newGuild, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const address = 'Ana.Lyse@Example.com';
const identity = { system: 'builtbybit', id: '540001' } as const;
const page = { limit: 100, beforeId: null };

export function newCustomer(own: Partial<NewCustomer> = {}): NewCustomer {
  const names = { username: null, fullName: null };
  return { uuid: null, discordId: null, identities: [], email: null, ...names, metadata: [], ...own };
}

export async function openWithCustomerRecords(openStage: OpenStage) {
  const stage = await openStage();
  const { storage } = stage;
  const { product } = await addPopulatedGuild(storage);
  let keys = 0;
  const license = (own: Partial<NewLicense>) => addLicense(storage, 'g1', product.id, { key: `K-${++keys}`, ...own });
  const add = async (own: Partial<NewCustomer> = {}): Promise<Customer> => {
    const made = await storage.createCustomer('g1', newCustomer(own), () => noTrail);
    if ('taken' in made) throw new Error(`taken: ${made.taken}`);
    return made.customer;
  };
  const change = (id: number, own: Partial<Customer>, email?: string | null) =>
    storage.changeCustomer('g1', id, (current) => ({
      next: { ...current, ...own },
      trail: aTrail('customer.changed', `customer:${id}`),
      result: {},
      ...(email !== undefined && { email }),
    }));
  const read = (id: number) => storage.customer('g1', { id });
  const belongs = async (id: number) => {
    const found = await storage.license('g1', { id });
    return { customerId: found?.customerId, ownerId: found?.ownerId };
  };
  return { ...stage, product, license, add, change, read, belongs };
}

export function describeCustomerRecords(openStage: OpenStage): void {
  describe('customer records', () => {
    const open = () => openWithCustomerRecords(openStage);

    test('are made with the first license of a Discord user, and have the UUID that the user had before', async () => {
      const { storage, license, belongs } = await open();
      const before = await storage.customerId('g1', '7');
      const made = await license({ key: 'OWNED', ownerId: '7' });
      const customer = await storage.customer('g1', { discordId: '7' });
      expect(customer).toEqual({
        id: expect.any(Number),
        guildId: 'g1',
        uuid: before,
        discordId: '7',
        identities: [],
        maskedEmail: null,
        username: null,
        fullName: null,
        metadata: [],
        createdAt: expect.any(Date),
        updatedAt: customer?.createdAt,
        revision: 1,
      });
      expect(made.customerId).toBe(customer?.id);
      expect(await belongs(made.id)).toEqual({ customerId: customer?.id, ownerId: '7' });
      expect((await license({ ownerId: '7' })).customerId).toBe(customer?.id);
      expect(await checkedCustomerId(storage, 'OWNED')).toBe(before);
      expect(await storage.licenses('g1', { customerId: customer!.id }, page)).toHaveLength(2);
    });

    test('of one Discord user are one, however many licenses and calls make it at once', async () => {
      const { storage, license, installation } = await open();
      const other = await installation.open();
      const made = await Promise.all([
        ...Array.from({ length: 10 }, () => license({ ownerId: '7' })),
        ...Array.from({ length: 10 }, (_, index) => (index % 2 ? storage : other).ensureCustomer('g1', '7')),
      ]);
      const ids = made.map((one) => ('customerId' in one ? one.customerId : one.id));
      expect(new Set(ids).size).toBe(1);
      expect(await storage.customers('g1', {}, page)).toHaveLength(1);
    });

    test('follow the owner of a license', async () => {
      const { storage, license, belongs } = await open();
      const made = await license({ ownerId: '7' });
      const change = (own: object) =>
        storage.changeLicense('g1', { id: made.id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
        }));
      await change({ ownerId: '8' });
      const eight = await storage.ensureCustomer('g1', '8');
      expect(await belongs(made.id)).toEqual({ customerId: eight.id, ownerId: '8' });
      await change({ ownerId: null });
      expect(await belongs(made.id)).toEqual({ customerId: null, ownerId: null });
      await change({ customerId: eight.id });
      expect(await belongs(made.id)).toEqual({ customerId: eight.id, ownerId: '8' });
      await change({ note: 'kept' });
      expect(await belongs(made.id)).toEqual({ customerId: eight.id, ownerId: '8' });
    });

    test('may have no Discord user: their licenses are unclaimed until they have one', async () => {
      const { storage, license, add, change, belongs } = await open();
      const buyer = await add({ uuid, identities: [identity] });
      const made = await license({ key: 'BOUGHT', customerId: buyer.id });
      expect(made).toMatchObject({ customerId: buyer.id, ownerId: null });
      expect(await checkedCustomerId(storage, 'BOUGHT')).toBeNull();
      expect(await change(buyer.id, { discordId: '7' })).toEqual({ effectIds: [expect.any(Number)] });
      expect(await belongs(made.id)).toEqual({ customerId: buyer.id, ownerId: '7' });
      expect(await checkedCustomerId(storage, 'BOUGHT')).toBe(uuid);
      expect((await storage.licensesOf('7')).map(({ id }) => id)).toEqual([made.id]);
      await change(buyer.id, { discordId: null });
      expect(await belongs(made.id)).toEqual({ customerId: buyer.id, ownerId: null });
    });

    test('are found by everything that is theirs alone, and in their guild alone', async () => {
      const { storage, add } = await open();
      await storage.addGuild(newGuild('g2'), noTrail);
      const made = await add({ uuid, discordId: '7', identities: [identity, { system: 'tebex', id: 'x' }] });
      for (const ref of [{ id: made.id }, { uuid }, { discordId: '7' }, { identity }]) {
        expect(await storage.customer('g1', ref)).toEqual(made);
        expect(await storage.customer('g2', ref)).toBeNull();
      }
      expect(await storage.customer('g1', { identity: { system: 'polymart', id: '540001' } })).toBeNull();
      const twin = await storage.createCustomer('g2', newCustomer({ uuid, identities: [identity] }), () => noTrail);
      expect(twin).toMatchObject({ customer: { guildId: 'g2', uuid } });
    });

    test('have what is unique alone, whether they are made with it or get it later', async () => {
      const { storage, add, change } = await open();
      const holder = await add({ uuid, discordId: '7', identities: [identity] });
      const other = await add();
      const wanted = [
        ['uuid', { uuid }],
        ['discord-id', { discordId: '7' }],
        ['identity', { identities: [{ system: 'other', id: 'x' }, identity] }],
      ] as const;
      for (const [taken, own] of wanted) {
        expect(await change(other.id, own)).toEqual({ taken, holder });
        expect(await storage.createCustomer('g1', newCustomer(own), () => aTrail())).toEqual({ taken, holder });
      }
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
      await change(holder.id, { discordId: null, identities: [], uuid: uuid.replace('1', '2') });
      for (const [, own] of wanted)
        expect(await change(other.id, own)).toMatchObject({ effectIds: [expect.any(Number)] });
    });

    test('that many calls give one identity at once: one gets it', async () => {
      const { storage, installation } = await open();
      const other = await installation.open();
      const made = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          (index % 2 ? storage : other).createCustomer('g1', newCustomer({ identities: [identity] }), () => aTrail()),
        ),
      );
      expect(made.filter((one) => 'customer' in one)).toHaveLength(1);
      expect(await storage.customers('g1', {}, page)).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('show an e-mail address masked, and are found by it in any letter case', async () => {
      const { storage, add, change, read } = await open();
      const made = await add({ email: address });
      const second = await add({ email: 'ana.lyse@example.COM' });
      expect(made.maskedEmail).toBe('A…@Example.com');
      expect(await storage.customerEmail('g1', made.id)).toBe(address);
      const found = await storage.customersByEmail('g1', ' ANA.LYSE@example.com ');
      expect(found.map(({ id }) => id)).toEqual([made.id, second.id]);
      await change(made.id, { username: 'ana' });
      expect(await storage.customerEmail('g1', made.id)).toBe(address);
      await change(made.id, {}, 'b@example.com');
      expect(await read(made.id)).toMatchObject({ maskedEmail: '…@example.com', username: 'ana' });
      await change(made.id, {}, null);
      expect(await read(made.id)).toMatchObject({ maskedEmail: null });
      expect(await storage.customerEmail('g1', made.id)).toBeNull();
      expect(await storage.customersByEmail('g1', address)).toHaveLength(1);
    });

    test('are listed newest first, in pages, by a part of a name and by shop', async () => {
      const { storage, add } = await open();
      const [one, two, three] = [
        await add({ username: 'Straße_7', identities: [identity] }),
        await add({ fullName: 'Ana Łyse', identities: [{ system: 'tebex', id: '9' }] }),
        await add({ username: 'x%y', fullName: 'Ana' }),
      ];
      const found = async (query: object, limit = 100, beforeId: number | null = null) =>
        (await storage.customers('g1', query, { limit, beforeId })).map(({ id }) => id);
      expect(await found({})).toEqual([three.id, two.id, one.id]);
      expect(await found({}, 1)).toEqual([three.id]);
      expect(await found({}, 2, three.id)).toEqual([two.id, one.id]);
      expect(await found({ text: 'ANA' })).toEqual([three.id, two.id]);
      expect(await found({ text: 'łYS' })).toEqual([two.id]);
      expect(await found({ text: '%' })).toEqual([three.id]);
      expect(await found({ text: '.' })).toEqual([]);
      expect(await found({ system: 'tebex' })).toEqual([two.id]);
      expect(await found({ system: 'builtbybit', text: 'straße' })).toEqual([one.id]);
    });

    test('are removed with their guild', async () => {
      const { storage, add } = await open();
      await add({ uuid, discordId: '7', identities: [identity], email: address });
      await storage.deleteGuild('g1');
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await storage.customers('g1', {}, page)).toEqual([]);
      expect(await add({ uuid, discordId: '7', identities: [identity] })).toMatchObject({ maskedEmail: null });
      expect(await auditOf(storage, 'g1')).toEqual([]);
    });
  });
}
