import { describe, expect, test } from '@jest/globals';
import type { Product } from '../../../src/domain/product.ts';
import { addLicense, addProduct, newGuild, newProduct, noTrail, uuidPattern } from '../../support/storage-fixtures.ts';
import { aTrail, auditOf, countTrails } from '../../support/trails.ts';
import type { OpenStage } from '../storage-contract.ts';

const uuid = '01234567-89ab-4cde-8f01-23456789abcd';

export function describeProducts(openStage: OpenStage): void {
  describe('products', () => {
    async function openWithGuilds() {
      const stage = await openStage();
      await stage.storage.addGuild(newGuild('g1'), noTrail);
      await stage.storage.addGuild(newGuild('g2'), noTrail);
      const { storage } = stage;
      const edit = (id: number, own: Partial<Product>, guildId = 'g1') =>
        storage.changeProduct(guildId, id, (current) => ({
          next: { ...current, ...own },
          trail: aTrail('product.changed', `product:${id}`),
          result: { before: current },
        }));
      const find = async (guildId: string, name: string) => (await storage.bundle(guildId))?.products.byName(name);
      return { ...stage, edit, find };
    }

    test('a product is stored with everything it was given, and with its trail', async () => {
      const { storage, clock } = await openWithGuilds();
      const releases = [
        { version: '1.0', branch: null, status: 'published', latest: true, createdAt: clock.now() },
        { version: '1.0', branch: 'beta', status: 'draft', latest: false, createdAt: clock.now() },
      ] as const;
      const given = newProduct({
        id: 41,
        uuid,
        description: 'd',
        version: '1.0',
        versionPolicy: 'minimum',
        buyerRoleId: '5',
        claimRoleId: '6',
        limits: { ip: 0, hwid: null, mac: 'inherit' },
        term: '30d@activation',
        trial: '12h',
        graceDays: 3,
        features: ['pro'],
        metadata: [{ key: 'ä $.', value: '', returned: true }],
        url: 'https://example.com',
        imageUrl: 'https://example.com/i.png',
        releases,
      });
      const made = await storage.createProduct('g1', given, ({ id }) => aTrail('product.created', `product:${id}`));
      const at = clock.now();
      const unchanged = { createdAt: at, updatedAt: at, revision: 1, deletedAt: null };
      const whole = { ...given, guildId: 'g1', aliases: [], ...unchanged };
      expect(made).toEqual({ product: whole, effectIds: [expect.any(Number)] });
      const stored = (await storage.bundle('g1'))?.products.byId(41);
      expect(stored).toEqual({ ...whole, releases: expect.any(Array) });
      expect(stored?.releases).toHaveLength(2);
      expect(stored?.releases).toEqual(expect.arrayContaining([...releases]));
      expect(await auditOf(storage, 'g1')).toEqual(['product.created product:41']);
    });

    test('numbers that are not supplied skip those that were', async () => {
      const { storage } = await openWithGuilds();
      await addProduct(storage, 'g1', { id: 1, name: 'a' });
      await addProduct(storage, 'g2', { id: 2, name: 'b' });
      const third = await addProduct(storage, 'g1', { name: 'c' });
      const fourth = await addProduct(storage, 'g1', { name: 'd' });
      expect([third.id, fourth.id]).toEqual([3, 4]);
      expect(third.uuid).toMatch(uuidPattern);
      expect(third.uuid).not.toBe(fourth.uuid);
    });

    test.each([
      ['id', { id: 41, name: 'other' }],
      ['uuid', { uuid: uuid.toUpperCase(), name: 'other' }],
    ] as const)('a taken %s is taken in every guild and leaves no trail', async (taken, own) => {
      const { storage } = await openWithGuilds();
      await addProduct(storage, 'g1', { id: 41, uuid });
      for (const guildId of ['g1', 'g2']) {
        expect(await storage.createProduct(guildId, newProduct(own), () => aTrail())).toEqual({ taken });
      }
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('a name is taken in its guild, whatever its case and outer blanks, and free in the next', async () => {
      const { storage, find } = await openWithGuilds();
      const first = await addProduct(storage, 'g1', { name: 'Größe' });
      for (const name of ['größe', '  GRÖßE  ', 'Gro\u0308ße']) {
        expect(await storage.createProduct('g1', newProduct({ name }), () => aTrail())).toEqual({ taken: 'name' });
      }
      const second = await addProduct(storage, 'g2', { name: 'größe' });
      expect((await find('g1', 'größe'))?.id).toBe(first.id);
      expect((await find('g2', 'GRÖßE'))?.id).toBe(second.id);
    });

    test('a former name stays valid as an alias, stays taken, and may be taken back', async () => {
      const { storage, edit, find } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1', { name: 'First' });
      await edit(id, { name: 'Second' });
      await edit(id, { name: 'Third' });
      expect((await find('g1', 'first'))?.id).toBe(id);
      const renamed = await find('g1', 'third');
      expect(renamed?.name).toBe('Third');
      expect(new Set(renamed?.aliases)).toEqual(new Set(['First', 'Second']));
      const other = await addProduct(storage, 'g1', { name: 'Other' });
      expect(await storage.createProduct('g1', newProduct({ name: 'FIRST' }), () => aTrail())).toEqual({
        taken: 'name',
      });
      expect(await edit(other.id, { name: 'second' })).toEqual({ taken: 'name' });
      expect((await find('g1', 'other'))?.name).toBe('Other');

      expect(await edit(id, { name: 'FIRST' })).toMatchObject({ before: { name: 'Third' } });
      const back = await find('g1', 'first');
      expect(back?.name).toBe('FIRST');
      expect(new Set(back?.aliases)).toEqual(new Set(['Second', 'Third']));
    });

    test('an edit stores what it changes, releases included, and nothing else', async () => {
      const { storage, clock, edit } = await openWithGuilds();
      const release = (version: string, status: 'published' | 'archived', latest = false) =>
        ({ version, branch: null, status, latest, createdAt: clock.now() }) as const;
      const { id } = await addProduct(storage, 'g1', {
        description: 'kept',
        releases: [release('1', 'published'), release('2', 'published', true)],
      });
      const releases = [release('2', 'archived'), release('3', 'published', true)];
      await edit(id, { version: '3', versionPolicy: 'released', releases });
      const stored = (await storage.bundle('g1'))?.products.byId(id);
      expect(stored).toMatchObject({ description: 'kept', version: '3', versionPolicy: 'released' });
      expect(stored?.releases.map(({ version, status, latest }) => [version, status, latest])).toEqual([
        ['2', 'archived', false],
        ['3', 'published', true],
      ]);
      await edit(id, { releases: [release('2', 'archived', true), release('3', 'published')] });
      const swapped = (await storage.bundle('g1'))?.products.byId(id)?.releases;
      expect(swapped?.map(({ latest }) => latest)).toEqual([true, false]);
    });

    test('the UUID cannot be changed to one that is taken', async () => {
      const { storage, edit } = await openWithGuilds();
      await addProduct(storage, 'g2', { uuid });
      const { id } = await addProduct(storage, 'g1');
      expect(await edit(id, { uuid })).toEqual({ taken: 'uuid' });
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('a deleted product keeps its names, is listed as deleted, and comes back whole', async () => {
      const { storage, clock, edit, find } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1');
      await addProduct(storage, 'g1', { name: 'Other' });
      await edit(id, { deletedAt: clock.now() });
      expect(await find('g1', 'Vault')).toBeNull();
      expect((await storage.bundle('g1'))?.products.byId(id)?.deletedAt).toEqual(clock.now());
      expect((await storage.deletedProducts('g1')).map((product) => product.id)).toEqual([id]);
      expect(await storage.deletedProducts('g2')).toEqual([]);
      expect(await storage.createProduct('g1', newProduct(), () => aTrail())).toEqual({ taken: 'name' });
      await edit(id, { deletedAt: null });
      expect((await find('g1', 'Vault'))?.id).toBe(id);
      expect(await storage.deletedProducts('g1')).toEqual([]);
    });

    test("another guild's product is not found", async () => {
      const { storage, edit } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1');
      await addLicense(storage, 'g1', id, { ownerId: '5' });
      expect(await edit(id, { name: 'Stolen' }, 'g2')).toBeNull();
      expect((await storage.bundle('g2'))?.products.byId(id)).toBeNull();
      expect((await storage.bundle('g1'))?.products.byId(id)?.name).toBe('Vault');
      expect(await storage.countLicenses('g2', id)).toEqual({ licenses: 0, owners: 0, further: 0 });
    });

    test('an edit that decides to change nothing leaves no trail', async () => {
      const { storage } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1');
      const same = await storage.changeProduct('g1', id, () => ({
        next: null,
        trail: aTrail(),
        result: { same: true },
      }));
      expect(same).toEqual({ same: true, effectIds: [] });
      expect(await countTrails(storage)).toEqual({ audit: 0, effects: 0 });
    });

    test('edits of one product that race see each other', async () => {
      const { storage } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1', { description: '' });
      const append = () =>
        storage.changeProduct('g1', id, (current) => ({
          next: { ...current, description: `${current.description ?? ''}x` },
          trail: noTrail,
          result: {},
        }));
      await Promise.all(Array.from({ length: 20 }, append));
      expect((await storage.bundle('g1'))?.products.byId(id)?.description).toBe('x'.repeat(20));
    });

    test('licenses of a product are counted with their distinct owners, deleted ones not', async () => {
      const { storage, clock } = await openWithGuilds();
      const { id } = await addProduct(storage, 'g1');
      const other = await addProduct(storage, 'g1', { name: 'Other' });
      const owners = ['5', '5', '6', null];
      for (const [index, ownerId] of owners.entries())
        await addLicense(storage, 'g1', id, { key: `k${index}`, ownerId });
      await addLicense(storage, 'g1', other.id, { key: 'other', ownerId: '9' });
      const deleted = await addLicense(storage, 'g1', id, { key: 'deleted', ownerId: '10' });
      await storage.changeLicense('g1', { id: deleted.id }, (current) => ({
        next: { ...current, deletedAt: clock.now() },
        trail: noTrail,
        result: {},
      }));
      expect(await storage.countLicenses('g1', id)).toEqual({ licenses: 4, owners: 2, further: 0 });
    });
  });
}
