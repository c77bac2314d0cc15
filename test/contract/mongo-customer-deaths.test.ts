import { expect, test } from '@jest/globals';
import type { Customers } from '../../src/storage/port/customers.ts';
import type { Licenses } from '../../src/storage/port/licenses.ts';
import { licensesOnMongo } from '../support/mongo-licenses.ts';
import { dieAfter } from '../support/mongo-writer.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense } from '../support/storage-fixtures.ts';
import { aTrail, countTrails } from '../support/trails.ts';
import { newCustomer } from './parts/customer-records.ts';

const noTrail = { audit: [], effects: [] };
const shop = { system: 'builtbybit', id: '540001' } as const;
const everything = { limit: 100, beforeId: null };
/** More writes than any of these changes makes. */
const manyWrites = 40;

describeWithMongod('customers on MongoDB, where processes die', () => {
  const openLicenses = licensesOnMongo();

  async function openWithCustomers() {
    const opened = await openLicenses();
    const { clock, storage, product } = opened;
    const add = async (own: Parameters<typeof newCustomer>[0]) => {
      const made = await storage.createCustomer('g1', newCustomer(own), () => noTrail);
      if ('taken' in made) throw new Error(`taken: ${made.taken}`);
      return made.customer;
    };
    const from = await add({ identities: [shop], email: 'ana@example.com' });
    const into = await add({ discordId: '7' });
    const license = await addLicense(storage, 'g1', product.id, { key: 'BOUGHT', customerId: from.id });

    async function recover(): Promise<void> {
      clock.advance(10_001);
      // Claiming effects first carries out what was left.
      await storage.claimEffects('dm', 1, 1_000);
    }

    /** Lets one process after the other try the change, each of which dies one write later; returns how many died. */
    async function dieEverywhere(
      act: (store: Licenses & Customers) => Promise<unknown>,
      examine: () => Promise<void>,
    ): Promise<number> {
      for (let count = 0; count < manyWrites; count += 1) {
        const outcome = await act(await opened.openWatched(dieAfter(count))).then(
          () => 'done',
          (error: unknown) => String(error),
        );
        expect(['done', 'Error: dead']).toContain(outcome);
        await recover();
        await examine();
        if (outcome === 'done') return count;
      }
      throw new Error('It was never done.');
    }

    /** Whether the two records are one: all of it, or nothing. */
    async function isMerged(): Promise<boolean> {
      const merged = (await storage.customers('g1', {}, everything)).length === 1;
      const holder = await storage.customer('g1', { identity: shop });
      const { customerId, ownerId } = (await storage.license('g1', { id: license.id }))!;
      expect({ holder: holder?.id, customerId, ownerId }).toEqual(
        merged
          ? { holder: into.id, customerId: into.id, ownerId: '7' }
          : { holder: from.id, customerId: from.id, ownerId: null },
      );
      expect((await storage.customersByEmail('g1', 'ana@example.com')).map(({ id }) => id)).toEqual([holder?.id]);
      return merged;
    }
    return { ...opened, from, into, license, dieEverywhere, isMerged };
  }

  test('a merge is whole or has not begun', async () => {
    const { storage, from, into, dieEverywhere, isMerged } = await openWithCustomers();
    let merges = 0;
    const died = await dieEverywhere(
      (store) => store.mergeCustomers('g1', { from: from.id, into: into.id }, () => aTrail()),
      async () => {
        if (await isMerged()) {
          merges += 1;
          await storage.unmergeCustomer('g1', from.id, () => noTrail);
        }
        expect(await isMerged()).toBe(false);
        expect(await countTrails(storage)).toEqual({ audit: merges, effects: merges });
      },
    );
    expect([died > 5, merges > 4]).toEqual([true, true]);
  });

  test('the undo of a merge is whole or has not begun', async () => {
    const { storage, from, into, dieEverywhere, isMerged } = await openWithCustomers();
    const merge = () => storage.mergeCustomers('g1', { from: from.id, into: into.id }, () => noTrail);
    await merge();
    let undone = 0;
    const died = await dieEverywhere(
      (store) => store.unmergeCustomer('g1', from.id, () => aTrail()),
      async () => {
        if (!(await isMerged())) {
          undone += 1;
          await merge();
        }
        expect(await isMerged()).toBe(true);
        expect(await countTrails(storage)).toEqual({ audit: undone, effects: undone });
      },
    );
    expect([died > 5, undone > 4]).toEqual([true, true]);
  });

  test('a claim that merges is whole or has not begun', async () => {
    const { storage, from, license, dieEverywhere, isMerged } = await openWithCustomers();
    let claims = 0;
    const died = await dieEverywhere(
      (store) =>
        store.changeLicense('g1', { id: license.id }, (current) => ({
          next: { ...current, ownerId: '7' },
          isClaim: true,
          trail: aTrail(),
          result: {},
        })),
      async () => {
        if (!(await isMerged())) return;
        claims += 1;
        await storage.unmergeCustomer('g1', from.id, () => noTrail);
        expect(await countTrails(storage)).toEqual({ audit: claims, effects: claims });
      },
    );
    expect([died > 5, claims > 4]).toEqual([true, true]);
  });
});
