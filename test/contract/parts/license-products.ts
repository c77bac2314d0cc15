import { describe, expect, test } from '@jest/globals';
import { isForProduct } from '../../../src/domain/license-products.ts';
import { type License, licenseState, licenseStates } from '../../../src/domain/license.ts';
import type { LicenseQuery, NewLicense } from '../../../src/storage/port/licenses.ts';
import { deny, grant as grantBy } from '../../support/check-rules.ts';
import {
  addLicense,
  addLicenses,
  addProduct,
  aRequest,
  newGuild,
  newLicense,
  noTrail,
} from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };

export function describeLicenseProducts(openStage: OpenStage): void {
  describe('licenses for several products', () => {
    /** Guild `g1` with the products A, B and C. `find` returns the names of the licenses that a query finds. */
    async function open() {
      const stage = await openStage();
      const { storage, clock } = stage;
      await storage.addGuild(newGuild('g1'), noTrail);
      const add = (name: string) => addProduct(storage, 'g1', { name });
      const [a, b, c] = [await add('A'), await add('B'), await add('C')];
      const addFor = (main: number, name: string, own: Partial<NewLicense> = {}) =>
        addLicense(storage, 'g1', main, { key: `key-of-${name}`, name, ...own });
      const change = (id: number, own: Partial<License>) =>
        storage.changeLicense('g1', { id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
        }));
      const setDeleted = (id: number, deletedAt: Date | null) =>
        storage.changeProduct('g1', id, (current) => ({ next: { ...current, deletedAt }, trail: noTrail, result: {} }));
      const find = async (query: LicenseQuery) => {
        const found = await storage.licenses('g1', query, everything);
        expect([query, await storage.countLicensesBy('g1', query)]).toEqual([query, found.length]);
        return found.map(({ name }) => name);
      };
      return { storage, clock, installation: stage.installation, a, b, c, addFor, change, setDeleted, find };
    }

    test('each product finds those that are for it, in every state, and counts them', async () => {
      const { storage, clock, a, b, c, addFor, setDeleted, find } = await open();
      const at = clock.now();
      const own: readonly Partial<NewLicense>[] = [
        {},
        { holds: [{ kind: 'staff', at, reason: null }] },
        { switchedOff: true },
        { expiry: { type: 'date' }, expiresAt: at },
        { staff: true, ownerId: '5', order: 'o' },
      ];
      const ways: readonly [string, number, Partial<NewLicense>][] = [
        ['a', a.id, {}],
        ['ab', a.id, { furtherProductIds: [b.id] }],
        ['bac', b.id, { furtherProductIds: [a.id, c.id] }],
        ['every', c.id, { allProducts: true }],
        ['every and b', a.id, { allProducts: true, furtherProductIds: [b.id] }],
      ];
      for (const [name, main, products] of ways) {
        for (const [index, state] of own.entries()) await addFor(main, `${name} ${index}`, { ...products, ...state });
      }
      await setDeleted(b.id, at);
      const all = (await storage.licenses('g1', {}, everything)).concat(
        await storage.licenses('g1', { state: 'deleted' }, everything),
      );
      const bundle = await storage.bundle('g1');
      const expected = (product: number, isIn: (license: License) => boolean) =>
        all
          .filter((license) => isForProduct(license, product) && isIn(license))
          .sort((one, other) => other.id - one.id)
          .map(({ name }) => name);
      const stateOf = (license: License) =>
        licenseState(license, bundle!.products.byId(license.productId), clock.now());
      for (const { id } of [a, b, c]) {
        for (const state of licenseStates) {
          const found = await find({ productId: id, state });
          expect([state, found]).toEqual([state, expected(id, (license) => stateOf(license) === state)]);
        }
        const isAlive = (license: License) => stateOf(license) !== 'deleted';
        expect(await find({ productId: id })).toEqual(expected(id, isAlive));
        expect(await find({ productId: id, ownerId: '5' })).toEqual(
          expected(id, (license) => isAlive(license) && license.ownerId === '5'),
        );
        expect(await find({ productId: id, order: 'o', staff: true })).toEqual(
          expected(id, (license) => isAlive(license) && license.staff),
        );
        expect(await find({ productId: id, active: false })).toEqual(
          expected(id, (license) => isAlive(license) && stateOf(license) !== 'active'),
        );
      }
      expect(await storage.countLicenses('g1', a.id)).toEqual({ licenses: 15, owners: 1, further: 5 });
      expect(await storage.countLicenses('g1', b.id)).toEqual({ licenses: 5, owners: 1, further: 15 });
      expect(await storage.countLicenses('g1', c.id)).toEqual({ licenses: 5, owners: 1, further: 5 });
    });

    test('a search follows every change of a license’s products', async () => {
      const { a, b, c, addFor, change, find } = await open();
      const { id } = await addFor(a.id, 'one');
      const of = async () => [await find({ productId: b.id }), await find({ productId: c.id, state: 'active' })];
      expect(await of()).toEqual([[], []]);
      const steps: readonly [Partial<License>, number, number][] = [
        [{ furtherProductIds: [b.id] }, 1, 0],
        [{ furtherProductIds: [c.id, b.id] }, 1, 1],
        [{ furtherProductIds: [c.id] }, 0, 1],
        [{ allProducts: true }, 1, 1],
        [{ note: 'kept as it is' }, 1, 1],
        [{ allProducts: false }, 0, 1],
        [{ productId: c.id, furtherProductIds: [a.id] }, 0, 1],
        [{ furtherProductIds: [] }, 0, 1],
        [{ productId: a.id }, 0, 0],
      ];
      for (const [own, forB, forC] of steps) {
        await change(id, own);
        expect((await of()).map((found) => found.length)).toEqual([forB, forC]);
      }
    });

    test('deleting a product deletes only the licenses whose main one it is, and purging it takes it out of others', async () => {
      const { storage, clock, a, b, addFor, setDeleted, find } = await open();
      const owned = await addFor(a.id, 'ab', { furtherProductIds: [b.id] });
      const lost = await addFor(b.id, 'ba', { furtherProductIds: [a.id] });
      const every = await addFor(a.id, 'every', { furtherProductIds: [b.id], allProducts: true });
      expect(await storage.countLicenses('g1', b.id)).toEqual({ licenses: 1, owners: 0, further: 2 });
      await setDeleted(b.id, clock.now());
      expect(await find({ productId: a.id })).toEqual(['every', 'ab']);
      expect(await find({ productId: b.id, state: 'deleted' })).toEqual(['ba']);
      await setDeleted(b.id, null);
      expect(await find({ productId: a.id })).toEqual(['every', 'ba', 'ab']);
      await setDeleted(b.id, clock.now());
      clock.advance(1);
      while ((await storage.purgeDeleted(clock.now(), 1)) > 0);
      expect(await storage.license('g1', { id: lost.id })).toBeNull();
      for (const license of [owned, every]) {
        expect(await storage.license('g1', { id: license.id })).toEqual({ ...license, furtherProductIds: [] });
      }
      const again = await addProduct(storage, 'g1', { id: b.id, name: 'B again' });
      expect(await find({ productId: again.id })).toEqual(['every']);
    });

    test('a product of another guild is refused, when a license is made and when it is changed', async () => {
      const { storage, a, b, addFor, change, find } = await open();
      await storage.addGuild(newGuild('g2'), noTrail);
      const foreign = await addProduct(storage, 'g2');
      const further = { furtherProductIds: [b.id, foreign.id] };
      await expect(addFor(a.id, 'foreign', further)).rejects.toThrow(`No product ${foreign.id} in guild g1.`);
      const license = await addFor(a.id, 'own');
      await expect(change(license.id, further)).rejects.toThrow(`No product ${foreign.id} in guild g1.`);
      expect(await storage.license('g1', { id: license.id })).toEqual(license);
      await addLicense(storage, 'g2', foreign.id, { key: 'every', allProducts: true });
      expect(await find({ productId: a.id })).toEqual(['own']);
      await addFor(a.id, 'every', { allProducts: true });
      expect(await find({ productId: foreign.id })).toEqual([]);
      expect(await find({ productId: foreign.id, state: 'active' })).toEqual([]);
      expect(await storage.countLicenses('g1', foreign.id)).toEqual({ licenses: 0, owners: 0, further: 0 });
    });

    test('more than one window of them is found and counted whole', async () => {
      const { storage, a, b, find } = await open();
      const many = Array.from({ length: 2_300 }, (_, index) =>
        newLicense(a.id, {
          key: `key-${index}`,
          name: String(index),
          switchedOff: index % 2 === 1,
          ...(index % 3 === 0 ? { furtherProductIds: [b.id] } : { allProducts: true }),
        }),
      );
      await addLicenses(storage, 'g1', many);
      expect(await find({ productId: b.id })).toEqual(many.map(({ name }) => name).reverse());
      expect((await find({ productId: b.id, state: 'off' })).length).toBe(1_150);
      expect(await storage.countLicenses('g1', b.id)).toEqual({ licenses: 0, owners: 0, further: 2_300 });
      const page = await storage.licenses('g1', { productId: b.id }, { limit: 2, beforeId: 1_001 });
      expect(page.map(({ id }) => id)).toEqual([1_000, 999]);
    });

    test('a check that arrives after a change knows it, and one that races it is decided before or after it', async () => {
      const { storage, installation, a, b, addFor, change } = await open();
      const { id } = await addFor(a.id, 'raced');
      const other = await installation.open();
      const isGranted = async (process: typeof storage) => {
        const outcome = await process.decide(
          aRequest({ key: 'key-of-raced', guildReference: { by: 'team', teamId: 'team-g1' } }),
          (snapshot) => {
            const isFor = snapshot.license !== null && isForProduct(snapshot.license, b.id);
            return isFor ? grantBy(snapshot) : deny(snapshot, 'product-mismatch');
          },
        );
        expect(['granted', 'denied']).toContain(outcome.result);
        return outcome.result === 'granted';
      };
      for (const own of [{ furtherProductIds: [b.id] }, { furtherProductIds: [] }, { allProducts: true }]) {
        const isAfter = own.allProducts ?? own.furtherProductIds.length === 1;
        const racing = Array.from({ length: 10 }, (_, index) => isGranted(index % 2 === 0 ? storage : other));
        await change(id, own);
        expect(await Promise.all([isGranted(storage), isGranted(other)])).toEqual([isAfter, isAfter]);
        await Promise.all(racing);
      }
    });

    test('twenty changes at once each add their product', async () => {
      const { storage, a, addFor } = await open();
      const { id } = await addFor(a.id, 'raced');
      const made = await Promise.all(
        Array.from({ length: 20 }, (_, index) => addProduct(storage, 'g1', { name: `P${index}` })),
      );
      await Promise.all(
        made.map((product) =>
          storage.changeLicense('g1', { id }, (current) => ({
            next: { ...current, furtherProductIds: [...current.furtherProductIds, product.id] },
            trail: noTrail,
            result: {},
          })),
        ),
      );
      const ids = made.map((product) => product.id);
      expect((await storage.license('g1', { id }))!.furtherProductIds.toSorted((x, y) => x - y)).toEqual(
        ids.toSorted((x, y) => x - y),
      );
      for (const productId of ids) expect(await storage.countLicensesBy('g1', { productId })).toBe(1);
    });
  });
}
