import { describe, expect, test } from '@jest/globals';
import type { License } from '../../../src/domain/license.ts';
import type { LicenseChange } from '../../../src/storage/port/licenses.ts';
import { grant } from '../../support/grants.ts';
import {
  addFurtherProducts,
  addLicense,
  addPopulatedGuild,
  addProduct,
  everyHold,
  modelFields,
  noTrail,
} from '../../support/storage-fixtures.ts';
import { aTrail, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

type Change = Partial<Omit<LicenseChange<unknown>, 'next'>>;

export function describeLicenseChanges(openStage: OpenStage): void {
  describe('changing a license', () => {
    async function openWithLicense() {
      const stage = await openStage();
      const { storage } = stage;
      const { license, product } = await addPopulatedGuild(storage, 'g1');
      const other = await addPopulatedGuild(storage, 'g2');
      const change = (own: Partial<License>, more: Change = {}, id = license.id, guildId = 'g1') =>
        storage.changeLicense(guildId, { id }, (current) => ({
          next: { ...current, ...own },
          trail: noTrail,
          result: { before: current },
          ...more,
        }));
      const values = async () =>
        (await storage.bindings('g1', license.id, 100)).bindings.map(({ value }) => value).sort();
      return { ...stage, license, product, other, change, values };
    }

    test('a scope and each part of validation points come back as they were stored', async () => {
      const { storage, clock, license, change } = await openWithLicense();
      const none = { left: null, limit: null, amount: null, interval: null, refilledAt: null };
      const parts = [
        { left: 0 },
        { limit: 3 },
        { amount: 2 },
        { interval: 'day' },
        { left: 9, limit: 3, amount: 2, interval: 'ten-seconds', refilledAt: clock.now() },
        {},
      ] as const;
      for (const part of parts) {
        const own = { scope: 'pro', points: { ...none, ...part } };
        await change(own);
        expect(await storage.license('g1', { id: license.id })).toEqual({ ...license, ...own });
      }
    });

    test('everything that can be changed is stored, and nothing else changes', async () => {
      const { storage, clock, license, change } = await openWithLicense();
      await addFurtherProducts(storage, 'g1');
      const second = await addProduct(storage, 'g1', { name: 'Second' });
      const at = clock.now();
      const own: Partial<License> = {
        productId: second.id,
        name: 'n',
        note: 'o',
        order: 'p',
        ownerId: '5',
        staff: true,
        holds: everyHold(at),
        switchedOff: true,
        expiry: { type: 'duration', start: 'creation', days: 3 },
        expiresAt: at,
        activatedAt: at,
        limits: { ip: null, hwid: 0, mac: 1_000 },
        forgetAfter: { ip: 1, hwid: null, mac: 'inherit' },
        ownerResets: [new Date(1), at],
        ...modelFields,
        updatedAt: new Date(2),
        revision: 7,
        deletedAt: at,
      };
      expect(await change(own)).toMatchObject({ before: license });
      expect(await storage.license('g1', { id: license.id })).toEqual({
        ...license,
        ...own,
        customerId: expect.any(Number),
      });
    });

    test('the change sees the license, its guild and the instant at which it happens', async () => {
      const { storage, clock, license } = await openWithLicense();
      const given: unknown[] = [];
      const answer = await storage.changeLicense(
        'g1',
        { key: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE' },
        (current, bundle, now) => {
          given.push(current, bundle.guild.id, now);
          return { next: current, trail: aTrail(), result: { done: true } };
        },
      );
      expect(given).toEqual([license, 'g1', clock.now()]);
      expect(answer).toEqual({ done: true, effectIds: [expect.any(Number)] });
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('a change that decides to change nothing writes nothing at all', async () => {
      const { storage, license, values } = await openWithLicense();
      await grant(storage, {}, { take: [{ kind: 'ip', value: '203.0.113.5', forgetBefore: null }] });
      const answer = await storage.changeLicense('g1', { id: license.id }, () => ({
        next: null,
        trail: aTrail(),
        result: { no: true },
        release: [{ kind: 'ip', value: null }],
        newKey: 'new',
      }));
      expect(answer).toEqual({ no: true, effectIds: [] });
      expect(await values()).toEqual(['203.0.113.5']);
      expect(await storage.license('g1', { key: 'new' })).toBeNull();
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('a change that throws changes nothing and leaves no trail', async () => {
      const { storage, license } = await openWithLicense();
      const failing = storage.changeLicense('g1', { id: license.id }, () => {
        throw new Error('an error in a change');
      });
      await expect(failing).rejects.toThrow('an error in a change');
      expect(await storage.license('g1', { id: license.id })).toEqual(license);
    });

    test("another guild's license is not found, by id or by the same key", async () => {
      const { storage, license, other, change } = await openWithLicense();
      expect(await change({ name: 'stolen' }, { trail: aTrail() }, other.license.id, 'g1')).toBeNull();
      expect(await change({ name: 'stolen' }, { trail: aTrail() }, license.id, 'g3')).toBeNull();
      await storage.changeLicense('g2', { key: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE' }, (current) => ({
        next: { ...current, name: 'theirs' },
        trail: noTrail,
        result: {},
      }));
      expect((await storage.license('g1', { id: license.id }))?.name).toBeNull();
      expect((await storage.license('g2', { id: other.license.id }))?.name).toBe('theirs');
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test("a license cannot be moved to another guild's product", async () => {
      const { storage, license, other, change } = await openWithLicense();
      await expect(change({ productId: other.product.id })).rejects.toThrow('No product');
      expect(await storage.license('g1', { id: license.id })).toEqual(license);
    });

    test('twenty changes at once each see the one before', async () => {
      const { storage, installation, license } = await openWithLicense();
      const stores = [storage, await installation.open()];
      const append = (_: unknown, index: number) =>
        stores[index % 2]!.changeLicense('g1', { id: license.id }, (current) => ({
          next: { ...current, note: `${current.note ?? ''}x` },
          trail: aTrail(),
          result: { length: current.note?.length ?? 0 },
        }));
      const answers = await Promise.all(Array.from({ length: 20 }, append));
      const lengths = answers.map((answer) => (answer as { length: number }).length).sort((a, b) => a - b);
      expect(lengths).toEqual(Array.from({ length: 20 }, (_, index) => index));
      expect((await storage.license('g1', { id: license.id }))?.note).toBe('x'.repeat(20));
      expect(await countTrails(storage)).toEqual({ audit: 20, effects: 20 });
    });

    test('of twenty that claim a license at once one takes effect', async () => {
      const { storage, license } = await openWithLicense();
      const claim = (_: unknown, index: number) =>
        storage.changeLicense('g1', { id: license.id }, (current) => ({
          next: current.ownerId === null ? { ...current, ownerId: String(index) } : null,
          trail: aTrail('license.redeemed'),
          result: { won: current.ownerId === null },
        }));
      const answers = await Promise.all(Array.from({ length: 20 }, claim));
      expect(answers.filter((answer) => (answer as { won: boolean }).won)).toHaveLength(1);
      expect(await countTrails(storage)).toEqual({ audit: 1, effects: 1 });
    });

    test('a new key replaces the old one, which is free again', async () => {
      const { storage, license, product, change } = await openWithLicense();
      await change({}, { newKey: 'FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK' });
      const old = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
      expect(await storage.license('g1', { key: old })).toBeNull();
      const renewed = await storage.license('g1', { key: 'FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK' });
      expect(renewed).toEqual({ ...license, keySuffix: 'KKKKK' });
      expect(await storage.licenseKey('g1', license.id)).toBe('FFFFF-GGGGG-HHHHH-JJJJJ-KKKKK');
      const guildsOf = async (key: string) =>
        (await storage.licensesByFoldedKey(null, key)).map(({ guildId }) => guildId);
      expect(await guildsOf(old)).toEqual(['g2']);
      expect(await guildsOf('fffff ggggg hhhhh jjjjj kkkkk')).toEqual(['g1']);
      expect((await addLicense(storage, 'g1', product.id, { key: old })).id).not.toBe(license.id);
    });

    test('a new key that another license of the guild has is taken, and nothing changes', async () => {
      const { storage, license, product, change } = await openWithLicense();
      await addLicense(storage, 'g1', product.id, { key: 'taken' });
      const answer = await change({ name: 'n' }, { newKey: 'taken', trail: aTrail() });
      expect(answer).toEqual({ taken: 'key' });
      expect(await storage.license('g1', { id: license.id })).toEqual(license);
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
      expect(await change({}, { newKey: 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE' })).toMatchObject({ before: license });
    });

    test('a deleted license is found and comes back', async () => {
      const { storage, clock, license, change } = await openWithLicense();
      await change({ deletedAt: clock.now() });
      expect(await change({ deletedAt: null })).toMatchObject({ before: { deletedAt: clock.now() } });
      expect(await storage.license('g1', { id: license.id })).toEqual(license);
    });

    test('a release takes one value, one kind or several, of this license only', async () => {
      const { storage, other, change, values } = await openWithLicense();
      const bind = (guildId: string) =>
        grant(
          storage,
          { guildReference: { by: 'team', teamId: `team-${guildId}` } },
          {
            take: [
              { kind: 'ip', value: '203.0.113.5', forgetBefore: null },
              { kind: 'ip', value: '203.0.113.6', forgetBefore: null },
              { kind: 'hwid', value: 'pc', forgetBefore: null },
            ],
            observed: [{ kind: 'mac', value: 'aa' }],
          },
        );
      await bind('g1');
      await bind('g2');
      expect(await values()).toEqual(['203.0.113.5', '203.0.113.6', 'aa', 'pc']);
      await change({}, { release: [{ kind: 'ip', value: '203.0.113.5' }] });
      expect(await values()).toEqual(['203.0.113.6', 'aa', 'pc']);
      await change({}, { release: [{ kind: 'ip', value: null }] });
      expect(await values()).toEqual(['aa', 'pc']);
      await change(
        {},
        {
          release: [
            { kind: 'hwid', value: null },
            { kind: 'mac', value: null },
          ],
        },
      );
      expect(await values()).toEqual([]);
      expect((await storage.bindings('g2', other.license.id, 100)).counts).toEqual({ ip: 2, hwid: 1, mac: 1 });
    });

    test('the undo of a release restores what was released at that instant and nothing else', async () => {
      const { storage, clock, change, values } = await openWithLicense();
      await grant(
        storage,
        {},
        {
          take: ['a', 'b', 'c'].map((value) => ({ kind: 'hwid', value, forgetBefore: null }) as const),
          observed: [{ kind: 'mac', value: 'm' }],
        },
      );
      await change({}, { release: [{ kind: 'hwid', value: 'a' }] });
      clock.advance(1_000);
      const at = clock.now();
      await change(
        {},
        {
          release: [
            { kind: 'hwid', value: null },
            { kind: 'mac', value: null },
          ],
        },
      );
      clock.advance(1_000);
      expect(await values()).toEqual([]);
      await change({}, { undoRelease: at });
      expect(await values()).toEqual(['b', 'c', 'm']);
    });

    test('an end that is moved into the future is processed again, one that stays past is not', async () => {
      const { storage, clock, change } = await openWithLicense();
      const past = new Date(clock.now().getTime() - 1);
      const processed = () => storage.expireLicenses(clock.now(), 10, () => noTrail);
      await change({ expiry: { type: 'date' }, expiresAt: past });
      expect(await processed()).toBe(1);
      await change({ note: 'n' });
      await change({ expiresAt: new Date(past.getTime() - 1) });
      expect(await processed()).toBe(0);
      await change({ expiresAt: new Date(clock.now().getTime() + 1_000) });
      expect(await processed()).toBe(0);
      clock.advance(1_000);
      expect(await processed()).toBe(1);
    });
  });
}
