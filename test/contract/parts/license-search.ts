import { describe, expect, test } from '@jest/globals';
import type { License } from '../../../src/domain/license.ts';
import type { LicenseQuery, NewLicense } from '../../../src/storage/port/licenses.ts';
import { grant } from '../../support/grants.ts';
import {
  addLicense,
  addLicenses,
  addPopulatedGuild,
  addProduct,
  newLicense,
  noTrail,
} from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };
const day = 86_400_000;

export function describeLicenseSearch(openStage: OpenStage): void {
  /** Guild `g1` with a product and a license without texts. `find` returns what a query finds, by name. */
  async function open() {
    const stage = await openStage();
    const { storage } = stage;
    const { product, license } = await addPopulatedGuild(storage, 'g1');
    const add = (name: string | null, own: Partial<NewLicense> = {}) =>
      addLicense(storage, 'g1', product.id, { key: `key-of-${name}-${JSON.stringify(own)}`, name, ...own });
    const addMany = (count: number, own: (index: number) => Partial<NewLicense>) =>
      addLicenses(
        storage,
        'g1',
        Array.from({ length: count }, (_, index) => newLicense(product.id, { key: `many-${index}`, ...own(index) })),
      );
    const change = (id: number, own: Partial<License>) =>
      storage.changeLicense('g1', { id }, (current) => ({ next: { ...current, ...own }, trail: noTrail, result: {} }));
    const find = async (query: LicenseQuery) => {
      const found = await storage.licenses('g1', query, everything);
      expect(await storage.countLicensesBy('g1', query)).toBe(found.length);
      for (const position of [1, 2, 3, 500, found.length - 1, found.length, found.length + 1]) {
        if (position < 1) continue;
        expect(await storage.licenseIdAt('g1', query, position)).toBe(found[position - 1]?.id ?? null);
      }
      return found.map(({ name, id }) => name ?? id);
    };
    return { ...stage, product, license, add, addMany, change, find };
  }

  describe('searching a part of a text', () => {
    test('every part of a name, note or order finds its license, from one character on', async () => {
      const { add, find } = await open();
      await add('other', { note: 'zzz', order: '777' });
      const texts = { name: 'Jane Doe', note: 'bought at the fair', order: 'ORD-2481' };
      await add(texts.name, texts);
      for (const text of Object.values(texts)) {
        for (const length of [1, 2, 3, 4, 7, text.length]) {
          for (const start of [0, 3, text.length - length]) {
            const part = text.slice(start, start + length);
            expect([part, await find({ text: part })]).toEqual([part, expect.arrayContaining([texts.name])]);
          }
        }
      }
      for (const text of ['jane doer', 'ane  doe x', 'q', 'qq', 'doebought', 'ORD-2418', 'e d o', '']) {
        expect([text, await find({ text })]).toEqual([text, []]);
      }
    });

    test('all characters of the part in one text, but not in a row, find nothing', async () => {
      const { add, find } = await open();
      await add('abcx bcd', { note: 'customer', order: 'paypal' });
      for (const text of ['abcd', 'customer paypal', 'bcdabc', 'xbcd', 'x  bcde'])
        expect(await find({ text })).toEqual([]);
      expect(await find({ text: 'cx  bc' })).toEqual(['abcx bcd']);
    });

    test.each([
      ['Άννα ΟΔΟΣΑΒ', ['άνν', 'ΟΔΟΣ', 'οδος', 'ΟΔΟΣΑ', 'Σ', 'ς', 'ΣΑ']],
      ['Жанна', ['жан', 'ЖАННА', 'ж', 'НА']],
      ['王小明', ['王', '小明', '明', '王小明']],
      ['김민준', ['김', '민준', '준']],
      ['علي حسن', ['علي', 'ي', 'حس']],
      ['I 💜 it 👩‍💻', ['💜', '💜 i', 'I 💜', '👩', '💻']],
      ['Zoë\u0301x', ['zoe\u0308', 'ZOË', 'oë\u0301', 'x', '\u0301x']],
      ['De\u0301ja\u0300 vu', ['déjà', 'DÉJÀ', 'de\u0301j', 'à v', 'D\u200bÉ']],
    ])('in any script and letter case, composed or not: %s', async (name, parts) => {
      const { add, find } = await open();
      await add('other');
      await add(name);
      for (const text of parts) expect([text, await find({ text })]).toEqual([text, [name]]);
    });

    test.each([
      ...['100% off', 'snake_case', 'a*b', 'say "hi" now', '$5 and $gt', 'c:\\dir\\x', '^(a|b)[0-9]+.?$', "it's -- x"],
      ...['NEAR(a b)', 'a AND b NOT c', 'name:x', '{"$ne":null}', 'a\0b\0', '\u{e022}\u{e000}x', '+-~^:()'],
    ])('a character means itself: %j', async (name) => {
      const { add, find } = await open();
      await add('plain words and 5 numbers');
      await add(name);
      const special = Array.from(name).filter((character) => !/[\p{L}\p{N} \0]/u.test(character));
      for (const text of [name, name.slice(0, 3), name.slice(-3), ...special]) {
        expect([text, await find({ text })]).toEqual([text, [name]]);
      }
    });

    test.each([
      '%',
      '_',
      '*',
      '"',
      '.*',
      '$ne',
      '\\',
      '\0',
      '\0\0\0',
      '" OR "',
      'a* OR b',
      '\ud83d',
      '\u{10ffff}',
      '\u200b',
    ])('what is in no text finds nothing: %j', async (text) => {
      const { add, find } = await open();
      await add('a plain name');
      expect(await find({ text })).toEqual([]);
    });

    test('a changed text is found as it is now, and as it was again after the change was undone', async () => {
      const { add, change, find } = await open();
      const { id } = await add('Before', { note: 'first note', order: 'OLD-1' });
      await change(id, { name: 'After', note: null, order: 'NEW-1' });
      for (const text of ['before', 'first', 'old', 'be']) expect(await find({ text })).toEqual([]);
      for (const text of ['after', 'new-1', 'af']) expect(await find({ text })).toEqual(['After']);
      await change(id, { name: 'Before', note: 'first note', order: 'OLD-1' });
      for (const text of ['before', 'first', 'old']) expect(await find({ text })).toEqual(['Before']);
      await change(id, { name: null, note: null, order: null });
      for (const text of ['before', 'first', 'old']) expect(await find({ text })).toEqual([]);
    });

    test('a deleted license is found as deleted, restored it is found again, and purged never', async () => {
      const { storage, clock, add, change, find } = await open();
      const { id } = await add('Someone');
      await change(id, { deletedAt: clock.now() });
      expect(await find({ text: 'someone' })).toEqual([]);
      expect(await find({ text: 'someone', state: 'deleted' })).toEqual(['Someone']);
      await change(id, { deletedAt: null });
      expect(await find({ text: 'some' })).toEqual(['Someone']);
      await change(id, { deletedAt: clock.now() });
      await storage.purgeDeleted(new Date(clock.now().getTime() + 1), 10);
      expect(await find({ text: 'someone', state: 'deleted' })).toEqual([]);
    });

    test('a new key and other guilds change nothing of what is found', async () => {
      const { storage, add, find } = await open();
      const other = await addPopulatedGuild(storage, 'g2');
      await addLicense(storage, 'g2', other.product.id, { key: 'x', name: 'Someone' });
      const { id } = await add('Someone');
      await storage.changeLicense('g1', { id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        newKey: 'another key',
      }));
      expect((await storage.licenses('g1', { text: 'someone' }, everything)).map((one) => one.id)).toEqual([id]);
      await storage.deleteGuild('g2');
      expect(await find({ text: 'someone' })).toEqual(['Someone']);
    });

    test('of many licenses each page continues the one before, newest first', async () => {
      const { storage, addMany } = await open();
      await addMany(1_500, (index) => ({ name: `Customer ${index}`, note: index % 3 === 0 ? 'paid by card' : null }));
      for (const [text, expected] of [
        ['customer', 1_500],
        ['c', 1_500],
        ['cu', 1_500],
        ['paid', 500],
        ['customer 77', 11],
        ['er paid', 0],
      ] as const) {
        const ids: number[] = [];
        for (let beforeId: number | null = null; ;) {
          const page = await storage.licenses('g1', { text }, { limit: 333, beforeId });
          ids.push(...page.map(({ id }) => id));
          if (page.length < 333) break;
          beforeId = ids.at(-1) ?? null;
        }
        expect([text, ids.length]).toEqual([text, expected]);
        expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
      }
    });
  });

  describe('listing many licenses', () => {
    test('an address that over a thousand licenses hold lists them newest first, page by page', async () => {
      const { storage, license, addMany } = await open();
      await addMany(1_200, () => ({}));
      const binding = { kind: 'ip', value: '203.0.113.9' } as const;
      const slot = { kind: 'ip', value: binding.value, forgetBefore: null } as const;
      const keys = Array.from({ length: 1_200 }, (_, index) => ({ index, key: `many-${index}` }));
      // Every third is bound in a slot, every fifth as an observed value, and some in both ways.
      const grants = keys
        .map(({ index, key }) => ({
          key,
          take: index % 3 === 0 ? [slot] : [],
          observed: index % 5 === 0 ? [binding] : [],
        }))
        .filter(({ take, observed }) => take.length + observed.length > 0);
      await Promise.all(grants.map(({ key, ...bound }) => grant(storage, { key }, bound)));
      const expected = keys
        .filter(({ index }) => index % 3 === 0 || index % 5 === 0)
        .map(({ index }) => license.id + 1 + index)
        .reverse();
      const ids = (await storage.licenses('g1', { binding }, everything)).map(({ id }) => id);
      expect(ids).toEqual(expected);
      expect(await storage.countLicensesBy('g1', { binding })).toBe(expected.length);
      const page = await storage.licenses('g1', { binding }, { limit: 100, beforeId: expected[299]! });
      expect(page.map(({ id }) => id)).toEqual(expected.slice(300, 400));
    });

    test('ends are listed by the clock, whether they were processed late, early or not at all', async () => {
      const { storage, clock, license, addMany, change, find } = await open();
      const ended = clock.now();
      const later = new Date(ended.getTime() + day);
      // More than are looked up one by one.
      await addMany(2_200, (index) => ({ expiresAt: index % 2_199 === 0 ? later : ended, ownerId: String(index) }));
      const ids = Array.from({ length: 2_200 }, (_, index) => license.id + 1 + index);
      const [first, last] = [ids[0]!, ids.at(-1)!];
      const check = async () => {
        expect(await find({ state: 'active' })).toEqual([last, first, license.id]);
        expect(await find({ active: true })).toEqual([last, first, license.id]);
        expect((await find({ state: 'expired' })).length).toBe(2_198);
        expect((await find({ active: false })).length).toBe(2_198);
        expect((await find({ expiresBefore: ended })).length).toBe(2_198);
        expect((await find({ expiresBefore: later })).length).toBe(2_200);
      };
      await check();
      const noSteps = () => ({ audit: [], effects: [] });
      await storage.expireLicenses(ended, 2_150, noSteps);
      await check();
      await storage.expireLicenses(later, 10_000, noSteps);
      await check();
      await change(ids[5]!, { expiresAt: null });
      expect(await find({ state: 'active' })).toEqual([last, ids[5], first, license.id]);
    });

    test('counts by state and product leave out deleted products, and count owners once', async () => {
      const { storage, clock, product, addMany, find } = await open();
      const gone = await addProduct(storage, 'g1', { name: 'Gone' });
      const holds = [{ kind: 'staff', at: clock.now(), reason: null }] as const;
      await addMany(600, (index) => ({
        productId: index % 2 === 0 ? product.id : gone.id,
        ownerId: index % 3 === 0 ? null : String(index % 50),
        holds: index % 10 === 0 ? holds : [],
        switchedOff: index % 10 === 1,
        staff: index % 100 === 0,
      }));
      const counts = (productId: number) => storage.countLicenses('g1', productId);
      expect(await counts(gone.id)).toEqual({ licenses: 300, owners: 25, further: 0 });
      expect((await find({ state: 'off' })).length).toBe(60);
      await storage.changeProduct('g1', gone.id, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      expect((await find({})).length).toBe(301);
      expect((await find({ state: 'off' })).length).toBe(0);
      expect((await find({ state: 'suspended' })).length).toBe(60);
      expect((await find({ state: 'suspended', staff: true })).length).toBe(6);
      expect((await find({ state: 'deleted' })).length).toBe(300);
      expect((await find({ state: 'deleted', productId: product.id })).length).toBe(0);
      expect((await find({ state: 'deleted', productId: gone.id })).length).toBe(300);
      expect((await find({ productId: gone.id })).length).toBe(0);
      expect((await find({ productId: product.id })).length).toBe(301);
      expect((await find({ productId: product.id, active: true })).length).toBe(241);
    });
  });
}
