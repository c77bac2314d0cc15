import { describe, expect, test } from '@jest/globals';
import { addLicense, addPopulatedGuild, checkedCustomerId, newGuild, noTrail } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const uuid = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const otherUuid = '9f2e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
const anyUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function describeCustomers(openStage: OpenStage): void {
  describe('customers', () => {
    async function openWithCustomers() {
      const stage = await openStage();
      const { storage } = stage;
      const { product } = await addPopulatedGuild(storage);
      await storage.addGuild(newGuild('g2'), noTrail);
      await addLicense(storage, 'g1', product.id, { key: 'OWNED', ownerId: '7' });
      const set = (userId: string, id: string | null) => storage.setCustomerId('g1', userId, id, aTrail());
      const checked = (key = 'OWNED') => checkedCustomerId(storage, key);
      return { ...stage, product, set, checked };
    }

    test('have a UUID that is theirs alone and always the same', async () => {
      const { storage, installation } = await openWithCustomers();
      const own = await storage.customerId('g1', '7');
      expect(own).toMatch(anyUuid);
      const others = [await storage.customerId('g1', '8'), await storage.customerId('g2', '7')];
      expect(new Set([own, ...others]).size).toBe(3);
      expect(await (await installation.open()).customerId('g1', '7')).toBe(own);
    });

    test('can be given the UUID that programs already shipped know, which the next check knows too', async () => {
      const { storage, set, checked } = await openWithCustomers();
      const before = await storage.customerId('g1', '7');
      expect(await checked()).toBe(before);
      expect(await set('7', uuid)).toEqual({ customerId: uuid, effectIds: [expect.any(Number)] });
      expect([await checked(), await storage.customerId('g1', '7')]).toEqual([uuid, uuid]);
      expect(await set('7', otherUuid)).toMatchObject({ customerId: otherUuid });
      expect(await checked()).toBe(otherUuid);
      expect(await set('7', null)).toMatchObject({ customerId: before });
      expect([await checked(), await storage.customerId('g1', '7')]).toEqual([before, before]);
      expect(await countTrails(storage)).toEqual({ audit: 3, effects: 3 });
      expect(await auditOf(storage, 'g2')).toEqual([]);
    });

    test('keep it on licenses that are made for them, come to them or get a new key', async () => {
      const { storage, product, set, checked } = await openWithCustomers();
      await set('7', uuid);
      await addLicense(storage, 'g1', product.id, { key: 'LATER', ownerId: '7' });
      expect(await checked('LATER')).toBe(uuid);
      const moved = await addLicense(storage, 'g1', product.id, { key: 'MOVED', ownerId: '8' });
      const change = (own: object, newKey?: string) =>
        storage.changeLicense('g1', { id: moved.id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
          ...(newKey !== undefined && { newKey }),
        }));
      await change({ ownerId: '7' });
      expect(await checked('MOVED')).toBe(uuid);
      await change({}, 'RENAMED');
      expect(await checked('RENAMED')).toBe(uuid);
      await change({ ownerId: '8' }, 'AGAIN');
      expect(await checked('AGAIN')).toBe(await storage.customerId('g1', '8'));
      await change({ ownerId: null });
      expect(await checked('AGAIN')).toBeNull();
    });

    test('never share a supplied UUID in one guild, but may in two', async () => {
      const { storage, set } = await openWithCustomers();
      await set('7', uuid);
      expect(await set('8', uuid)).toEqual({ taken: true });
      expect(await set('7', uuid)).toMatchObject({ customerId: uuid });
      expect(await storage.setCustomerId('g2', '8', uuid, noTrail)).toMatchObject({ customerId: uuid });
      await set('7', null);
      expect(await set('8', uuid)).toMatchObject({ customerId: uuid });
    });

    test('of whom many are given one UUID at once, one gets it', async () => {
      const { storage } = await openWithCustomers();
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) => storage.setCustomerId('g1', String(100 + index), uuid, aTrail())),
      );
      expect(answers.filter((answer) => 'customerId' in answer)).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('are removed with their guild', async () => {
      const { storage, set } = await openWithCustomers();
      const before = await storage.customerId('g1', '7');
      await set('7', uuid);
      await storage.deleteGuild('g1');
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await storage.customerId('g1', '7')).toBe(before);
      expect(await storage.setCustomerId('g1', '8', uuid, noTrail)).toMatchObject({ customerId: uuid });
    });
  });
}
