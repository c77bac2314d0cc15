import { describe, expect, test } from '@jest/globals';
import { type License, type LicenseState, licenseState, licenseStates } from '../../../src/domain/license.ts';
import type { LicenseQuery, NewLicense } from '../../../src/storage/port/licenses.ts';
import { grant } from '../../support/grants.ts';
import {
  addLicense,
  addLicenses,
  addPopulatedGuild,
  addProduct,
  newGuild,
  newLicense,
  noTrail,
} from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 1_000, beforeId: null };

export function describeLicenseQueries(openStage: OpenStage): void {
  describe('finding licenses', () => {
    /** Two guilds, each with a product. `find` returns the names of the licenses that a query of `g1` finds. */
    async function openWithProducts() {
      const stage = await openStage();
      const { storage } = stage;
      await storage.addGuild(newGuild('g1'), noTrail);
      await storage.addGuild(newGuild('g2'), noTrail);
      const product = await addProduct(storage, 'g1');
      const foreign = await addProduct(storage, 'g2');
      const add = (name: string, own: Partial<NewLicense> = {}) =>
        addLicense(storage, 'g1', product.id, { key: `key-of-${name}`, name, ...own });
      const change = (id: number, own: Partial<License>) =>
        storage.changeLicense('g1', { id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: {},
        }));
      const find = async (query: LicenseQuery) => {
        const found = await storage.licenses('g1', query, everything);
        expect(await storage.countLicensesBy('g1', query)).toBe(found.length);
        for (const [index, { id }] of found.entries()) {
          expect(await storage.licenseIdAt('g1', query, index + 1)).toBe(id);
        }
        expect(await storage.licenseIdAt('g1', query, found.length + 1)).toBeNull();
        return found.map(({ name }) => name);
      };
      return { ...stage, product, foreign, add, change, find };
    }

    test('licenses are listed newest first, page by page, and never those of another guild', async () => {
      const { storage, foreign, add } = await openWithProducts();
      for (const name of ['a', 'b', 'c', 'd', 'e']) await add(name);
      await addLicense(storage, 'g2', foreign.id);
      const names: unknown[] = [];
      let beforeId: number | null = null;
      for (;;) {
        const page = await storage.licenses('g1', {}, { limit: 2, beforeId });
        if (page.length === 0) break;
        expect(page.length).toBeLessThanOrEqual(2);
        names.push(...page.map(({ name }) => name));
        beforeId = page.at(-1)!.id;
      }
      expect(names).toEqual(['e', 'd', 'c', 'b', 'a']);
      expect(await storage.countLicensesBy('g1', {})).toBe(5);
    });

    test('a list longer than one window of reading comes whole and in order', async () => {
      const { storage, product } = await openWithProducts();
      const many = Array.from({ length: 5_500 }, (_, index) =>
        newLicense(product.id, { key: `key-${index}`, name: String(index), note: index % 2_000 === 0 ? 'Rare' : null }),
      );
      await addLicenses(storage, 'g1', many);
      const rare = await storage.licenses('g1', { text: 'rare' }, everything);
      expect(rare.map(({ name }) => name)).toEqual(['4000', '2000', '0']);
      expect(await storage.countLicensesBy('g1', { text: 'rare' })).toBe(3);
      expect(await storage.countLicensesBy('g1', { productId: product.id })).toBe(5_500);
      const all = await storage.licenses('g1', {}, { limit: 10_000, beforeId: null });
      expect(all.map(({ name }) => Number(name))).toEqual(Array.from({ length: 5_500 }, (_, index) => 5_499 - index));
      for (const position of [1, 4_999, 5_000, 5_001, 5_500]) {
        expect(await storage.licenseIdAt('g1', {}, position)).toBe(all[position - 1]!.id);
      }
      const second = await storage.licenses('g1', { text: 'rare' }, { limit: 1, beforeId: rare[0]!.id });
      expect(second.map(({ name }) => name)).toEqual(['2000']);
    });

    test('each state finds what the domain says is in it', async () => {
      const { storage, clock, product, add, change, find } = await openWithProducts();
      const now = clock.now();
      const later = new Date(now.getTime() + 1);
      const choices = {
        holds: [[], [{ kind: 'dispute', at: now, reason: null }]] as const,
        switchedOff: [false, true],
        expiresAt: [null, now, later],
        deletedAt: [null, now],
      } as const;
      for (const holds of choices.holds) {
        for (const switchedOff of choices.switchedOff) {
          for (const expiresAt of choices.expiresAt) {
            for (const deletedAt of choices.deletedAt) {
              const name = JSON.stringify([holds.length > 0, switchedOff, expiresAt, deletedAt]);
              const { id } = await add(name, { holds, switchedOff, expiresAt });
              if (deletedAt) await change(id, { deletedAt });
            }
          }
        }
      }
      const all = await storage.licenses('g1', {}, everything);
      const deleted = await storage.licenses('g1', { state: 'deleted' }, everything);
      expect([all.length, deleted.length]).toEqual([12, 12]);
      const stateOf = (license: License): LicenseState => licenseState(license, product, now);
      for (const state of licenseStates) {
        const wanted = [...all, ...deleted].filter((license) => stateOf(license) === state).map(({ name }) => name);
        expect(wanted.length).toBeGreaterThan(0);
        expect(await find({ state })).toEqual(wanted);
      }
      const isActive = (license: License) => stateOf(license) === 'active';
      expect(await find({ active: true })).toEqual(all.filter(isActive).map(({ name }) => name));
      expect(await find({ active: false })).toEqual(
        all.filter((license) => !isActive(license)).map(({ name }) => name),
      );
      expect(await find({ active: false, state: 'expired' })).toEqual(await find({ state: 'expired' }));
    });

    test('a hold finds the licenses that have it, suspended ones unless another state is asked for', async () => {
      const { storage, clock, add, change, find } = await openWithProducts();
      const [at, reason] = [clock.now(), '"kind":"refund"'];
      await add('free');
      await add('staff', { holds: [{ kind: 'staff', at, reason }] });
      await add('refund', { ownerId: '5', holds: [{ kind: 'refund', at, reason: null }] });
      const both = [
        { kind: 'staff', at, reason: null },
        { kind: 'refund', at, reason },
      ] as const;
      await add('both', { holds: both });
      const { id } = await add('gone', { holds: both });
      await change(id, { deletedAt: at });
      expect(await find({ hold: 'staff' })).toEqual(['both', 'staff']);
      expect(await find({ hold: 'refund' })).toEqual(['both', 'refund']);
      expect(await find({ hold: 'refund', ownerId: '5' })).toEqual(['refund']);
      expect(await find({ hold: 'dispute' })).toEqual([]);
      expect(await find({ hold: 'staff', state: 'deleted' })).toEqual(['gone']);
      expect(await find({ hold: 'staff', state: 'active' })).toEqual([]);
      expect(await storage.countLicensesBy('g1', { hold: 'refund' })).toBe(2);
    });

    test('licenses of a deleted product are deleted with it and come back with it', async () => {
      const { storage, clock, product, add, find } = await openWithProducts();
      const license = await add('a', { ownerId: '5' });
      const setDeleted = (deletedAt: Date | null) =>
        storage.changeProduct('g1', product.id, (current) => ({
          next: { ...current, deletedAt },
          trail: noTrail,
          result: {},
        }));
      await setDeleted(clock.now());
      expect(await find({})).toEqual([]);
      expect(await find({ state: 'active' })).toEqual([]);
      expect(await find({ state: 'deleted' })).toEqual(['a']);
      expect(await storage.licensesOf('5')).toEqual([]);
      expect(await storage.licenseOf('5', license.id)).toBeNull();
      await setDeleted(null);
      expect(await find({ state: 'active' })).toEqual(['a']);
      expect(await storage.licensesOf('5')).toHaveLength(1);
      expect(await storage.licenseOf('5', license.id)).toEqual(license);
    });

    test('filters find by owner, product, order, staff, end and key suffix, alone and together', async () => {
      const { storage, clock, add, find } = await openWithProducts();
      const second = await addProduct(storage, 'g1', { name: 'Second' });
      const soon = new Date(clock.now().getTime() + 1_000);
      await add('a', { ownerId: '5', order: 'X-1' });
      await add('b', { ownerId: '5', productId: second.id, staff: true });
      await add('c', { ownerId: '6', order: 'X-1', expiresAt: soon });
      await add('d', { key: 'AAAAA-BBBBB-CCCCC-DDDDD-eeeee', expiresAt: new Date(soon.getTime() + 1) });
      expect(await find({ ownerId: '5' })).toEqual(['b', 'a']);
      expect(await find({ ownerId: '5', productId: second.id })).toEqual(['b']);
      expect(await find({ productId: second.id })).toEqual(['b']);
      expect(await find({ order: 'X-1' })).toEqual(['c', 'a']);
      expect(await find({ order: 'X-2' })).toEqual([]);
      expect(await find({ order: 'X-1', ownerId: '6' })).toEqual(['c']);
      expect(await find({ staff: true })).toEqual(['b']);
      expect(await find({ staff: false })).toEqual(['d', 'c', 'a']);
      expect(await find({ expiresBefore: soon })).toEqual(['c']);
      expect(await find({ keySuffix: 'EEEEE' })).toEqual(['d']);
      expect(await find({ keySuffix: 'EEEE' })).toEqual([]);
      expect(await find({ ownerId: '7' })).toEqual([]);
    });

    test("another guild's product, owner's license, order and key suffix find nothing here", async () => {
      const { storage, clock, foreign, find } = await openWithProducts();
      const { id } = await addLicense(storage, 'g2', foreign.id, { ownerId: '5', order: 'X-1' });
      await grant(
        storage,
        { guildReference: { by: 'team', teamId: 'team-g2' } },
        { take: [{ kind: 'hwid', value: 'pc', forgetBefore: null }] },
      );
      const binding = { kind: 'hwid', value: 'pc' } as const;
      const queries = [
        { productId: foreign.id },
        { ownerId: '5' },
        { order: 'X-1' },
        { keySuffix: 'EEEEE' },
        { text: 'X' },
        { binding },
        {},
      ];
      for (const query of queries) expect(await find(query)).toEqual([]);
      await storage.changeLicense('g2', { id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      for (const query of queries) expect(await find({ ...query, state: 'deleted' })).toEqual([]);
    });

    test('text is part of name, note or order in any letter case, and nothing in it is a wildcard', async () => {
      const { add, find } = await openWithProducts();
      await add('100% Größe');
      await add('under_score');
      await add('c', { note: 'The NOTE' });
      await add('d', { order: 'a\\b.c*' });
      await add('1000 other');
      expect(await find({ text: 'GRÖSSE' })).toEqual([]);
      expect(await find({ text: 'GRÖßE' })).toEqual(['100% Größe']);
      expect(await find({ text: '100%' })).toEqual(['100% Größe']);
      expect(await find({ text: '%' })).toEqual(['100% Größe']);
      expect(await find({ text: '_' })).toEqual(['under_score']);
      expect(await find({ text: 'note' })).toEqual(['c']);
      expect(await find({ text: '\\B' })).toEqual(['d']);
      expect(await find({ text: '.C*' })).toEqual(['d']);
      expect(await find({ text: '.*' })).toEqual([]);
      expect(await find({ text: "' OR 1=1 --" })).toEqual([]);
    });

    test('a binding finds the licenses that hold it, as slot or observed value, until it is released', async () => {
      const { storage } = await openWithProducts();
      await storage.deleteGuild('g1');
      await storage.deleteGuild('g2');
      const { license } = await addPopulatedGuild(storage, 'g1');
      const other = await addPopulatedGuild(storage, 'g2');
      for (const guildId of ['g1', 'g2']) {
        await grant(
          storage,
          { guildReference: { by: 'team', teamId: `team-${guildId}` } },
          { take: [{ kind: 'hwid', value: 'pc', forgetBefore: null }], observed: [{ kind: 'mac', value: 'aa' }] },
        );
      }
      const find = async (guildId: string, kind: 'hwid' | 'mac', value: string) =>
        (await storage.licenses(guildId, { binding: { kind, value } }, everything)).map(({ id }) => id);
      expect(await find('g1', 'hwid', 'pc')).toEqual([license.id]);
      expect(await find('g1', 'mac', 'aa')).toEqual([license.id]);
      expect(await find('g1', 'mac', 'pc')).toEqual([]);
      expect(await find('g2', 'hwid', 'pc')).toEqual([other.license.id]);
      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        release: [{ kind: 'hwid', value: null }],
      }));
      expect(await find('g1', 'hwid', 'pc')).toEqual([]);
      expect(await find('g2', 'hwid', 'pc')).toEqual([other.license.id]);
    });

    test('an order is found in any letter case, with other blanks, and without what cannot be seen', async () => {
      const { add, find, change } = await openWithProducts();
      const { id } = await add('a', { order: 'ORD-1 \u00c9' });
      await add('b', { order: 'ORD-12 \u00c9' });
      for (const order of ['ORD-1 \u00c9', ' ord-1  e\u0301', 'Ord-\u200b1\u00a0\u00e9'])
        expect(await find({ order })).toEqual(['a']);
      await change(id, { order: 'ORD-3' });
      expect(await find({ order: 'ORD-1 \u00c9' })).toEqual([]);
      expect(await find({ order: 'ord-3' })).toEqual(['a']);
      await change(id, { order: null });
      expect(await find({ order: 'ord-3' })).toEqual([]);
    });

    test('a single license and its key are found in their guild only', async () => {
      const { storage, foreign, add } = await openWithProducts();
      const mine = await add('a', { key: 'same' });
      const theirs = await addLicense(storage, 'g2', foreign.id, { key: 'same' });
      expect((await storage.license('g1', { key: 'same' }))?.id).toBe(mine.id);
      expect((await storage.license('g2', { key: 'same' }))?.id).toBe(theirs.id);
      expect(await storage.license('g1', { id: theirs.id })).toBeNull();
      expect(await storage.license('g1', { key: 'Same' })).toBeNull();
      expect(await storage.license('g3', { key: 'same' })).toBeNull();
      expect(await storage.licenseKey('g1', mine.id)).toBe('same');
      expect(await storage.licenseKey('g1', theirs.id)).toBeNull();
      expect(await storage.licenseKey('g1', 0)).toBeNull();
    });

    test('an owner finds all licenses, newest first, deleted ones never', async () => {
      const { storage, clock, foreign, add, change } = await openWithProducts();
      const first = await add('a', { key: 'same', ownerId: '5' });
      const second = await addLicense(storage, 'g2', foreign.id, { key: 'same', ownerId: '5' });
      expect((await storage.licensesOf('5')).map(({ id }) => id)).toEqual([second.id, first.id]);
      await change(first.id, { deletedAt: clock.now() });
      expect((await storage.licensesOf('5')).map(({ id }) => id)).toEqual([second.id]);
    });

    test('an owner finds one license by its id, in whichever guild; nobody finds those of others', async () => {
      const { storage, clock, foreign, add, change } = await openWithProducts();
      const first = await add('a', { ownerId: '5' });
      const second = await addLicense(storage, 'g2', foreign.id, { key: 'b', ownerId: '5' });
      const unowned = await add('c');
      for (const license of [first, second]) {
        expect(await storage.licenseOf('5', license.id)).toEqual(license);
        expect(await storage.licenseOf('6', license.id)).toBeNull();
      }
      for (const owner of ['5', '', 'null']) expect(await storage.licenseOf(owner, unowned.id)).toBeNull();
      await change(first.id, { deletedAt: clock.now() });
      expect(await storage.licenseOf('5', first.id)).toBeNull();
    });

    test('a typed key finds every license with its letters and digits, in one guild or all, deleted ones too', async () => {
      const { storage, clock, foreign, add, change } = await openWithProducts();
      const first = await add('a', { key: 'Shop \u2013 ab1-\u00e9' });
      const twin = await add('b', { key: 'SHOP-AB1\u00c9' });
      const elsewhere = await addLicense(storage, 'g2', foreign.id, { key: 'shopab1\u00e9' });
      await add('c', { key: 'SHOP-AB1' });
      await change(twin.id, { deletedAt: clock.now() });
      const find = async (guildId: string | null, text: string) =>
        (await storage.licensesByFoldedKey(guildId, text)).map(({ id }) => id);
      // An em dash, full-width letters, a superscript digit, a composed accent and Markdown.
      for (const typed of ['shop ab1\u00e9', '**\uff33\uff28op\u2014AB\u00b9 E\u0301.**']) {
        expect(await find('g1', typed)).toEqual([first.id, twin.id]);
        expect(await find('g2', typed)).toEqual([elsewhere.id]);
        expect(await find(null, typed)).toEqual([first.id, twin.id, elsewhere.id]);
      }
      for (const text of ['', ' - ', 'shop ab1e', 'shop ab']) expect(await find(null, text)).toEqual([]);
    });
  });
}
