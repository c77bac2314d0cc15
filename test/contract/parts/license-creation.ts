import { describe, expect, test } from '@jest/globals';
import { maxLicensesAtOnce, type NewLicense } from '../../../src/storage/port/licenses.ts';
import {
  addFurtherProducts,
  addLicense,
  addProduct,
  everyHold,
  modelFields,
  newGuild,
  newLicense,
  noTrail,
  uuidPattern,
} from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 1_000, beforeId: null };

export function describeLicenseCreation(openStage: OpenStage): void {
  describe('making licenses', () => {
    async function openWithProducts() {
      const stage = await openStage();
      await stage.storage.addGuild(newGuild('g1'), noTrail);
      await stage.storage.addGuild(newGuild('g2'), noTrail);
      const product = await addProduct(stage.storage, 'g1');
      const foreign = await addProduct(stage.storage, 'g2');
      const batch = (keys: readonly string[], own: Partial<NewLicense> = {}) =>
        keys.map((key) => newLicense(product.id, { key, ...own }));
      return { ...stage, product, foreign, batch };
    }

    test('a license is stored with everything it was given, its key only as a suffix', async () => {
      const { storage, clock, product } = await openWithProducts();
      await addFurtherProducts(storage, 'g1');
      const at = clock.now();
      const given = newLicense(product.id, {
        name: 'n',
        note: 'o',
        order: 'p',
        ownerId: '5',
        staff: true,
        holds: everyHold(at),
        switchedOff: true,
        expiry: { type: 'duration', start: 'activation', days: 30 },
        limits: { ip: 0, hwid: null, mac: 7 },
        forgetAfter: { ip: null, hwid: 60, mac: 'inherit' },
        createdBy: 'user:5',
        ...modelFields,
      });
      const made = await storage.createLicenses(
        'g1',
        [given],
        ([first]) => aTrail('license.issued', `license:${first!.id}`),
        null,
      );
      const { key, ...visible } = given;
      const whole = {
        ...visible,
        id: expect.any(Number),
        customerId: expect.any(Number),
        uuid: expect.stringMatching(uuidPattern),
        guildId: 'g1',
        keySuffix: 'EEEEE',
        createdAt: at,
        updatedAt: at,
        revision: 1,
        activatedAt: null,
        deletedAt: null,
        ownerResets: [],
        replacements: [],
      };
      expect(made).toEqual({ licenses: [whole], effectIds: [expect.any(Number)] });
      const { id } = (made as { licenses: readonly { id: number }[] }).licenses[0]!;
      expect(await storage.license('g1', { id })).toEqual(whole);
      expect(await storage.license('g1', { key })).toEqual(whole);
      const { uuid } = (await storage.license('g1', { key }))!;
      expect(await storage.license('g1', { uuid })).toEqual(whole);
      expect(await storage.license('g2', { uuid })).toBeNull();
      expect(await storage.license('g1', { uuid: uuid.replace(/./g, '0') })).toBeNull();
      expect(await storage.licenseKey('g1', id)).toBe(key);
      expect(await auditOf(storage, 'g1')).toEqual([`license.issued license:${id}`]);
    });

    test('a duration of hours comes back as it was', async () => {
      const { storage, product } = await openWithProducts();
      const expiry = { type: 'duration', start: 'activation', days: 0.5 } as const;
      const { id } = await addLicense(storage, 'g1', product.id, { expiry });
      expect((await storage.license('g1', { id }))?.expiry).toEqual(expiry);
    });

    test('a date and a reason of nothing come back as they were', async () => {
      const { storage, product } = await openWithProducts();
      const expiresAt = new Date('9999-12-31T23:59:59.999Z');
      const { id } = await addLicense(storage, 'g1', product.id, {
        expiry: { type: 'date' },
        expiresAt,
        holds: [{ kind: 'staff', at: new Date(0), reason: null }],
      });
      expect(await storage.license('g1', { id })).toMatchObject({
        expiry: { type: 'date' },
        expiresAt,
        holds: [{ kind: 'staff', at: new Date(0), reason: null }],
      });
    });

    test('one taken key stops the whole batch, which returns its index and its holder and leaves no trail', async () => {
      const { storage, product, batch } = await openWithProducts();
      const holder = await addLicense(storage, 'g1', product.id, { key: 'taken' });
      const made = await storage.createLicenses('g1', batch(['one', 'two', 'taken']), () => aTrail(), null);
      expect(made).toEqual({ taken: { index: 2, holder } });
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('the same key twice in one batch is taken', async () => {
      const { storage, batch } = await openWithProducts();
      const made = await storage.createLicenses('g1', batch(['one', 'two', 'one']), () => aTrail(), null);
      expect(made).toMatchObject({ taken: { index: 2, holder: { id: 0 } } });
      expect(await storage.countLicensesBy('g1', {})).toBe(0);
    });

    test('the key of a deleted license stays taken', async () => {
      const { storage, clock, product, batch } = await openWithProducts();
      const { id } = await addLicense(storage, 'g1', product.id, { key: 'one' });
      await storage.changeLicense('g1', { id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      const made = await storage.createLicenses('g1', batch(['one']), () => aTrail(), null);
      expect(made).toMatchObject({ taken: { index: 0, holder: { id, deletedAt: clock.now() } } });
    });

    test('keys differ by letter case and inner blanks, and two guilds may have the same key', async () => {
      const { storage, foreign, batch } = await openWithProducts();
      const made = await storage.createLicenses('g1', batch(['ab cd', 'AB CD', 'ab  cd', 'abcd']), () => noTrail, null);
      expect(made).toMatchObject({ licenses: { length: 4 } });
      const other = await addLicense(storage, 'g2', foreign.id, { key: 'ab cd' });
      expect((await storage.license('g2', { key: 'ab cd' }))?.id).toBe(other.id);
      expect(await storage.license('g2', { key: 'AB CD' })).toBeNull();
    });

    test("a license of another guild's product is not made", async () => {
      const { storage, foreign } = await openWithProducts();
      const make = storage.createLicenses('g1', [newLicense(foreign.id)], () => aTrail(), null);
      await expect(make).rejects.toThrow('No product');
      expect(await storage.countLicensesBy('g1', {})).toBe(0);
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('nothing at all is made in a guild that is not there', async () => {
      const { storage, product } = await openWithProducts();
      await expect(storage.createLicenses('g3', [newLicense(product.id)], () => aTrail(), null)).rejects.toThrow(
        'No guild',
      );
    });

    test('a daily limit counts what this actor made since then, this call included, deleted ones too', async () => {
      const { storage, clock, product, batch } = await openWithProducts();
      const actor = { type: 'user', id: '5' } as const;
      const own = { createdBy: 'user:5' };
      await addLicense(storage, 'g1', product.id, { key: 'yesterday', ...own });
      clock.advance(86_400_000);
      const daily = { actor, since: clock.now(), max: 3 };
      await addLicense(storage, 'g1', product.id, { key: 'another', createdBy: 'user:6' });
      const { id } = await addLicense(storage, 'g1', product.id, { key: 'today', ...own });
      await storage.changeLicense('g1', { id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      const three = await storage.createLicenses('g1', batch(['a', 'b', 'c'], own), () => aTrail(), daily);
      expect(three).toEqual({ dailyLimit: { made: 1, max: 3 } });
      const two = await storage.createLicenses('g1', batch(['a', 'b'], own), () => noTrail, daily);
      expect(two).toMatchObject({ licenses: { length: 2 } });
      const one = await storage.createLicenses('g1', batch(['c'], own), () => aTrail(), daily);
      expect(one).toEqual({ dailyLimit: { made: 3, max: 3 } });
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('parallel calls make exactly as many as the daily limit allows', async () => {
      const { storage, clock, batch } = await openWithProducts();
      const daily = { actor: { type: 'user', id: '5' }, since: clock.now(), max: 7 } as const;
      const issue = (_: unknown, index: number) =>
        storage.createLicenses('g1', batch([`k${index}`], { createdBy: 'user:5' }), () => noTrail, daily);
      const answers = await Promise.all(Array.from({ length: 20 }, issue));
      expect(answers.filter((answer) => 'licenses' in answer)).toHaveLength(7);
      expect(await storage.countLicensesBy('g1', {})).toBe(7);
    });

    test('parallel calls with one key make one license', async () => {
      const { storage, batch } = await openWithProducts();
      const issue = () => storage.createLicenses('g1', batch(['one']), () => aTrail(), null);
      const answers = await Promise.all(Array.from({ length: 20 }, issue));
      expect(answers.filter((answer) => 'licenses' in answer)).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('of parallel calls with one claim one makes licenses, and for ever', async () => {
      const { storage, clock, batch } = await openWithProducts();
      const issue = (key: string, claim = 'trial 1 5') =>
        storage.createLicenses('g1', batch([key]), () => aTrail(), null, claim);
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => issue(`k${index}`)));
      expect(answers.filter((answer) => 'claimed' in answer)).toHaveLength(19);
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
      const [made] = await storage.licenses('g1', {}, everything);
      await storage.changeLicense('g1', { id: made!.id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      clock.advance(1);
      await storage.purgeDeleted(clock.now(), 10);
      expect(await storage.license('g1', { id: made!.id })).toBeNull();
      expect(await issue('later')).toEqual({ claimed: true });
      expect(await issue('another', 'trial 1 6')).toHaveProperty('licenses');
      const inOther = [newLicense((await addProduct(storage, 'g2', { name: 'Fourth' })).id, { key: 'elsewhere' })];
      expect(await storage.createLicenses('g2', inOther, () => noTrail, null, 'trial 1 5')).toHaveProperty('licenses');
    });

    test('a claim whose licenses could not be made is free, and that of a removed guild too', async () => {
      const { storage, batch } = await openWithProducts();
      const issue = (keys: readonly string[]) =>
        storage.createLicenses('g1', batch(keys), () => noTrail, null, 'trial 1 5');
      expect(await issue(['one', 'one'])).toHaveProperty('taken');
      expect(await issue(['one'])).toHaveProperty('licenses');
      await storage.deleteGuild('g1');
      await storage.addGuild(newGuild('g1'), noTrail);
      const { id } = await addProduct(storage, 'g1');
      const again = [newLicense(id, { key: 'again' })];
      expect(await storage.createLicenses('g1', again, () => noTrail, null, 'trial 1 5')).toHaveProperty('licenses');
    });

    test('ids ascend in the order of the batch and are unique in the installation', async () => {
      const { storage, foreign, batch } = await openWithProducts();
      await storage.createLicenses('g1', batch(['one', 'two']), () => noTrail, null);
      const other = await addLicense(storage, 'g2', foreign.id);
      await storage.createLicenses('g1', batch(['three']), () => noTrail, null);
      const ids = (await storage.licenses('g1', {}, everything)).map(({ id }) => id);
      expect(ids).toEqual([...ids].sort((a, b) => b - a));
      expect(new Set([...ids, other.id]).size).toBe(4);
      expect((await storage.license('g1', { key: 'one' }))!.id).toBeLessThan(
        (await storage.license('g1', { key: 'two' }))!.id,
      );
    });

    test('as many as one commit makes are made together, and more are rejected whole', async () => {
      const { storage, batch } = await openWithProducts();
      const keys = Array.from({ length: maxLicensesAtOnce + 1 }, (_, index) => `bulk-key-number-${index}`);
      await expect(storage.createLicenses('g1', batch(keys), () => aTrail(), null)).rejects.toThrow('At most 250');
      expect(await storage.countLicensesBy('g1', {})).toBe(0);
      const made = await storage.createLicenses('g1', batch(keys.slice(1)), () => aTrail(), null);
      expect(made).toMatchObject({ licenses: { length: maxLicensesAtOnce } });
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });
  });
}
