import { describe, expect, test } from '@jest/globals';
import type { License } from '../../../src/domain/license.ts';
import { rowsPerStep as rowsPerStepOnMongo } from '../../../src/storage/mongo/steps.ts';
import { rowsPerStep as rowsPerStepOnSqlite } from '../../../src/storage/sqlite/steps.ts';
import { deny, grant } from '../../support/grants.ts';
import { boundTo } from '../../support/reach.ts';
import {
  addLicense,
  addLicenses,
  addPopulatedGuild,
  newLicense,
  newProduct,
  noTrail,
} from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };
const ofG2 = { guildReference: { by: 'team', teamId: 'team-g2' } } as const;
const day = 86_400_000;
const rowsPerStep = Math.max(rowsPerStepOnMongo, rowsPerStepOnSqlite);

export function describeUpkeep(openStage: OpenStage): void {
  async function openWithGuilds() {
    const stage = await openStage();
    const { storage } = stage;
    const { license, product } = await addPopulatedGuild(storage, 'g1');
    const other = await addPopulatedGuild(storage, 'g2');
    const change = (id: number, own: Partial<License>) =>
      storage.changeLicense('g1', { id }, (current) => ({ next: { ...current, ...own }, trail: noTrail, result: {} }));
    const deleteProduct = (id: number) =>
      storage.changeProduct('g1', id, (current) => ({
        next: { ...current, deletedAt: stage.clock.now() },
        trail: noTrail,
        result: {},
      }));
    return { ...stage, license, product, other, change, deleteProduct };
  }

  describe('expiry', () => {
    test('each end is processed once, from its instant on, with the trail that was made for it', async () => {
      const { storage, clock, product, other } = await openWithGuilds();
      const expiresAt = new Date(clock.now().getTime() + 1_000);
      const mine = await addLicense(storage, 'g1', product.id, { key: 'mine', expiresAt });
      const theirs = await addLicense(storage, 'g2', other.product.id, { key: 'theirs', expiresAt });
      const expire = (now: Date) =>
        storage.expireLicenses(now, 10, ({ id }) => aTrail('license.expired', `license:${id}`));
      expect(await expire(new Date(expiresAt.getTime() - 1))).toBe(0);
      expect(await expire(expiresAt)).toBe(2);
      expect(await expire(expiresAt)).toBe(0);
      expect(await auditOf(storage, 'g1')).toEqual([`license.expired license:${mine.id}`]);
      expect(await auditOf(storage, 'g2')).toEqual([`license.expired license:${theirs.id}`]);
      expect(await countTrails(storage)).toEqual({ audit: 2, effects: 2 });
    });

    test('an end that was processed and lies in the future is withdrawn once, with a trail, and processed again', async () => {
      const { storage, clock, product, other, change } = await openWithGuilds();
      const expiresAt = new Date(clock.now().getTime() + day);
      const mine = await addLicense(storage, 'g1', product.id, { key: 'mine', expiresAt });
      const gone = await addLicense(storage, 'g1', product.id, { key: 'gone', expiresAt });
      await addLicense(storage, 'g2', other.product.id, { key: 'ended', expiresAt: clock.now() });
      await addLicense(storage, 'g2', other.product.id, {
        key: 'later',
        expiresAt: new Date(expiresAt.getTime() + day),
      });
      const expire = (now: Date) => storage.expireLicenses(now, 10, () => noTrail);
      const withdraw = (limit = 10) =>
        storage.withdrawExpiries(clock.now(), limit, ({ id }) => aTrail('license.expiry-undone', `license:${id}`));
      expect(await withdraw()).toBe(0);
      expect(await expire(expiresAt)).toBe(3);
      await change(gone.id, { deletedAt: clock.now() });
      expect(await withdraw()).toBe(1);
      expect(await withdraw()).toBe(0);
      await change(gone.id, { deletedAt: null });
      expect(await withdraw(1)).toBe(1);
      const undone = [gone, mine].map(({ id }) => `license.expiry-undone license:${id}`);
      expect(await auditOf(storage, 'g1')).toEqual(undone);
      expect(await auditOf(storage, 'g2')).toEqual([]);
      expect(await expire(new Date(expiresAt.getTime() - 1))).toBe(0);
      expect(await expire(expiresAt)).toBe(2);
    });

    test('at most so many are processed at a time, the longest expired first', async () => {
      const { storage, clock, product } = await openWithGuilds();
      const at = (ms: number) => new Date(clock.now().getTime() - ms);
      await addLicense(storage, 'g1', product.id, { key: 'b', name: 'b', expiresAt: at(1) });
      await addLicense(storage, 'g1', product.id, { key: 'a', name: 'a', expiresAt: at(2) });
      const processed: unknown[] = [];
      const expire = () =>
        storage.expireLicenses(clock.now(), 1, ({ name }) => {
          processed.push(name);
          return noTrail;
        });
      expect([await expire(), await expire(), await expire()]).toEqual([1, 1, 0]);
      expect(processed).toEqual(['a', 'b']);
    });

    test('deleted licenses and those of deleted products are processed when they are restored', async () => {
      const { storage, clock, license, product, change, deleteProduct } = await openWithGuilds();
      await change(license.id, { expiresAt: clock.now(), deletedAt: clock.now() });
      await addLicense(storage, 'g1', product.id, { key: 'with-product', expiresAt: clock.now() });
      await deleteProduct(product.id);
      const expire = () => storage.expireLicenses(clock.now(), 10, () => noTrail);
      expect(await expire()).toBe(0);
      await storage.changeProduct('g1', product.id, (current) => ({
        next: { ...current, deletedAt: null },
        trail: noTrail,
        result: {},
      }));
      expect(await expire()).toBe(1);
      await change(license.id, { deletedAt: null });
      expect(await expire()).toBe(1);
    });

    test('more than one step of expired licenses is processed in one call', async () => {
      const { storage, clock, product } = await openWithGuilds();
      const many = Array.from({ length: rowsPerStep + 20 }, (_, index) =>
        newLicense(product.id, { key: `key-${index}`, expiresAt: clock.now() }),
      );
      await addLicenses(storage, 'g1', many);
      expect(await storage.expireLicenses(clock.now(), rowsPerStep + 10, () => noTrail)).toBe(rowsPerStep + 10);
      expect(await storage.expireLicenses(clock.now(), rowsPerStep + 10, () => noTrail)).toBe(10);
    });
  });

  describe('retention', () => {
    test('attempts, counts and observed values before the instant go, in this guild only, newer ones stay', async () => {
      const { storage, clock } = await openWithGuilds();
      const use = async (own: object, value: string) => {
        await grant(storage, own, { observed: [{ kind: 'mac', value }] });
        await Promise.all(
          Array.from({ length: 61 }, () => deny(storage, { ...own, key: 'unknown' }, { result: 'license-unknown' })),
        );
      };
      await use({}, 'old');
      await use(ofG2, 'old');
      clock.advance(day);
      const before = clock.now();
      await use({}, 'new');
      // 61 stored attempts, 1 count and 1 observed value are old
      expect(await storage.deleteAttemptsBefore('g1', before, 60)).toBe(60);
      expect(await storage.deleteAttemptsBefore('g1', before, 60)).toBe(3);
      expect(await storage.deleteAttemptsBefore('g1', before, 60)).toBe(0);
      expect(await storage.attempts('g1', {}, everything)).toHaveLength(61);
      expect(await storage.attemptCounts('g1', new Date(0))).toMatchObject([{ minute: before }]);
      expect(await boundTo(storage, 'g1', 'mac', (value) => value === 'old')).toEqual({
        licenses: 0,
        owners: 0,
      });
      expect(await boundTo(storage, 'g1', 'mac', (value) => value === 'new')).toEqual({
        licenses: 1,
        owners: 0,
      });
      expect(await storage.attempts('g2', {}, everything)).toHaveLength(61);
      expect(await boundTo(storage, 'g2', 'mac')).toEqual({ licenses: 1, owners: 0 });
    });

    test('slots outlive retention', async () => {
      const { storage, clock, license } = await openWithGuilds();
      await grant(storage, {}, { take: [{ kind: 'hwid', value: 'pc', forgetBefore: null }] });
      clock.advance(day);
      expect(await storage.deleteAttemptsBefore('g1', clock.now(), 100)).toBe(1);
      expect((await storage.bindings('g1', license.id, 10)).counts.hwid).toBe(1);
    });

    test('alerts before the instant go, in this guild only, newer ones stay and are still read in order', async () => {
      const { storage, clock } = await openWithGuilds();
      const raise = (guildId: string, subject: string) =>
        storage.raiseAlert(guildId, { kind: 'k', subject, text: 't' });
      for (const subject of ['a', 'b', 'c']) await raise('g1', subject);
      await raise('g2', 'a');
      clock.advance(day);
      await raise('g1', 'a');
      const before = clock.now();
      clock.advance(day);
      expect(await storage.deleteAlertsBefore('g1', before, 2)).toBe(2);
      expect(await storage.deleteAlertsBefore('g1', before, 2)).toBe(1);
      expect(await storage.deleteAlertsBefore('g1', before, 2)).toBe(0);
      expect(await raise('g1', 'a')).toBe(true);
      expect(await raise('g1', 'a')).toBe(false);
      clock.advance(10_000);
      const left = await storage.alertsAfter(0, 10);
      expect(left.map(({ guildId, subject }) => [guildId, subject])).toEqual([
        ['g2', 'a'],
        ['g1', 'a'],
        ['g1', 'a'],
      ]);
    });

    test('more than one step of attempts goes in one call', async () => {
      const { storage, clock } = await openWithGuilds();
      await Promise.all(Array.from({ length: 1_200 }, () => grant(storage, {})));
      clock.advance(1);
      expect(await storage.deleteAttemptsBefore('g1', clock.now(), 1_100)).toBe(1_100);
      expect(await storage.attempts('g1', {}, everything)).toHaveLength(100);
    });
  });

  describe('purge', () => {
    test('what was deleted before the instant goes for good with its bindings, and its key is free', async () => {
      const { storage, clock, license, product, change } = await openWithGuilds();
      await grant(
        storage,
        {},
        {
          take: [{ kind: 'hwid', value: 'pc', forgetBefore: null }],
          observed: [{ kind: 'mac', value: 'aa' }],
        },
      );
      await change(license.id, { deletedAt: clock.now() });
      expect(await storage.purgeDeleted(clock.now(), 10)).toBe(0);
      clock.advance(1);
      // A slot is a row of its own in one store, and in its license in the other.
      expect([2, 3]).toContain(await storage.purgeDeleted(clock.now(), 10));
      expect(await storage.license('g1', { id: license.id })).toBeNull();
      expect(await storage.countLicensesBy('g2', {})).toBe(1);
      expect(await auditOf(storage, 'g1')).toEqual([`license.purged license:${license.id}`]);
      const again = await addLicense(storage, 'g1', product.id);
      expect(again.id).toBeGreaterThan(license.id);
      expect((await storage.bindings('g1', again.id, 10)).counts).toEqual({ ip: 0, hwid: 0, mac: 0 });
    });

    test('a license with more bindings than a call may remove goes last', async () => {
      const { storage, clock, license, change } = await openWithGuilds();
      await grant(
        storage,
        {},
        {
          observed: Array.from({ length: 20 }, (_, index) => ({ kind: 'mac', value: `m${index}` }) as const),
        },
      );
      await change(license.id, { deletedAt: clock.now() });
      clock.advance(1);
      expect(await storage.purgeDeleted(clock.now(), 15)).toBe(15);
      expect(await storage.license('g1', { id: license.id })).not.toBeNull();
      expect(await storage.purgeDeleted(clock.now(), 15)).toBe(6);
      expect(await storage.license('g1', { id: license.id })).toBeNull();
      expect(await storage.purgeDeleted(clock.now(), 15)).toBe(0);
    });

    test('a purged product takes its licenses, releases and names with it', async () => {
      const { storage, clock, license, product, deleteProduct } = await openWithGuilds();
      const release = {
        version: '1',
        branch: null,
        status: 'published',
        latest: false,
        createdAt: clock.now(),
      } as const;
      await storage.changeProduct('g1', product.id, (current) => ({
        next: { ...current, name: 'Renamed', releases: [release] },
        trail: noTrail,
        result: {},
      }));
      await deleteProduct(product.id);
      clock.advance(1);
      expect(await storage.purgeDeleted(clock.now(), 10)).toBe(2);
      expect(await storage.license('g1', { id: license.id })).toBeNull();
      expect((await storage.bundle('g1'))?.products.byId(product.id)).toBeNull();
      expect(await storage.deletedProducts('g1')).toEqual([]);
      for (const name of ['Vault', 'Renamed']) {
        const made = await storage.createProduct('g1', newProduct({ name }), () => noTrail);
        expect(made).toMatchObject({ product: { name, releases: [] } });
      }
      expect((await storage.bundle('g2'))?.products.all()).toHaveLength(1);
    });

    test('more than one step of deleted licenses goes in one call', async () => {
      const { storage, clock, product, deleteProduct } = await openWithGuilds();
      const many = Array.from({ length: rowsPerStep + 20 }, (_, index) =>
        newLicense(product.id, { key: `key-${index}` }),
      );
      await addLicenses(storage, 'g1', many);
      await deleteProduct(product.id);
      clock.advance(1);
      expect(await storage.purgeDeleted(clock.now(), rowsPerStep + 10)).toBe(rowsPerStep + 10);
      // The license that was there before, and the product.
      expect(await storage.purgeDeleted(clock.now(), rowsPerStep + 10)).toBe(10 + 2);
    });
  });

  describe('ended effects', () => {
    test('those older than the instant are deleted, waiting ones never', async () => {
      const { storage, clock } = await openWithGuilds();
      const [done, failed, waiting] = await storage.addEffects('g1', [
        { kind: 'roles', userId: '1' },
        { kind: 'roles', userId: '2' },
        { kind: 'roles', userId: '3' },
      ]);
      await storage.finishEffect(done!, { status: 'done', outcome: null, dueAt: null }, null);
      await storage.finishEffect(failed!, { status: 'failed', outcome: null, dueAt: null }, null);
      expect(await storage.deleteEffectsBefore(clock.now(), 10)).toBe(0);
      clock.advance(1);
      expect(await storage.deleteEffectsBefore(clock.now(), 1)).toBe(1);
      expect(await storage.deleteEffectsBefore(clock.now(), 10)).toBe(1);
      expect((await storage.effectsById([done!, failed!, waiting!])).map(({ id }) => id)).toEqual([waiting]);
    });
  });
}
