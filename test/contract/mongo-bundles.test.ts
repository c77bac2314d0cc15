import { afterEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { signingSystems } from '../../src/domain/guild.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { createServices } from '../../src/services/services.ts';
import { createBundleCache } from '../../src/storage/mongo/bundles/bundle-cache.ts';
import type { Change } from '../../src/storage/mongo/documents.ts';
import { createModels, type Models } from '../../src/storage/mongo/database/models.ts';
import { raiseBundleVersion, readChanges } from '../../src/storage/mongo/bundles/bundle-version.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createVault } from '../../src/storage/vault.ts';
import { grantRule } from '../support/check-rules.ts';
import { look } from '../support/look.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { anOutboxEntry, auditEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addPopulatedGuild, addProduct, aRequest, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { auditOf } from '../support/trails.ts';

const limitOf2 = { settings: [{ key: 'limits.ip', value: '2' }] };
const settingsChange: Change = { guildId: 'g1', kind: 'settings', ref: 'g1' };
/** A change in a guild that does not exist. */
const otherChange: Change = { guildId: 'g9', kind: 'settings', ref: 'g9' };

const limitSeen = async (storage: Storage) => (await storage.bundle('g1'))?.settings['limits.ip'];

describeWithMongod('bundles on MongoDB', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  async function install() {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    cleanUps.push(() => installation.remove());
    const storage = await installation.open();
    return { clock, installation, storage, uri: installation.connection.uri! };
  }

  async function connect(uri: string): Promise<Models> {
    const connection = await mongoose.createConnection(uri).asPromise();
    cleanUps.push(() => connection.close());
    return createModels(connection);
  }

  /**
   * A cache of its own; `watch` returns which collections are read during the call, and how many reads run at the same
   * time.
   */
  async function openCache(uri: string, masterKey: string) {
    const connection = await mongoose.createConnection(uri, { monitorCommands: true }).asPromise();
    cleanUps.push(() => connection.close());
    const models = createModels(connection);
    const vault = createVault(Buffer.from(masterKey, 'base64'));
    const topology = { primary: () => 'the only one', isSingle: () => true };
    const cache = createBundleCache({ models, vault, topology });

    async function watch(act: () => Promise<unknown>) {
      const reads: unknown[] = [];
      let [underWay, maxAtOnce] = [0, 0];
      connection.getClient().on('commandStarted', ({ command }) => {
        reads.push(command.find);
        maxAtOnce = Math.max(maxAtOnce, (underWay += 1));
      });
      connection.getClient().on('commandSucceeded', () => (underWay -= 1));
      await act();
      return { reads: [...reads], maxAtOnce };
    }
    return { models, cache, watch };
  }

  test('many guilds are read in parallel', async () => {
    const { clock, installation, storage, uri } = await install();
    const guildIds = Array.from({ length: 20 }, (_, index) => `g${index}`);
    for (const id of guildIds) await storage.addGuild(newGuild(id), noTrail);
    const { cache, watch } = await openCache(uri, installation.connection.masterKey!);
    await cache.refresh(clock.now());
    const asked = [...guildIds, 'unknown'];
    const { reads, maxAtOnce } = await watch(() => cache.bundles(asked));

    const found = await cache.bundles(asked);
    expect(found).toMatchObject([...guildIds.map((id) => ({ bundle: { guild: { id } } })), { bundle: null }]);
    expect(reads.filter((name) => name === 'guilds')).toHaveLength(21);
    expect(maxAtOnce).toBeGreaterThan(3);
  });

  test('a process that was idle during hundreds of changes reads the entries of a guild at once, and the directory once', async () => {
    const { clock, installation, storage, uri } = await install();
    await addPopulatedGuild(storage);
    const { models, cache, watch } = await openCache(uri, installation.connection.masterKey!);
    await cache.refresh(clock.now());
    await cache.bundles(['g1']);

    const entries = Array.from({ length: 40 }, (_, i) => ({ guildId: 'g1', kind: 'blacklist', ref: `${i}` }) as const);
    const guilds = Array.from({ length: 40 }, (_, i) => ({ guildId: `g${i + 2}`, kind: 'guild', ref: '' }) as const);
    await raiseBundleVersion(models, [...entries, ...guilds]);
    const { reads } = await watch(() => cache.refresh(clock.now()));

    expect(reads.filter((name) => name === 'blacklist')).toHaveLength(1);
    expect(reads.filter((name) => name === 'apikeys')).toHaveLength(1);
  });

  test('the next check knows thousands of entries that another process added and removed, more than the log holds', async () => {
    const { clock, installation, storage, uri } = await install();
    for (const id of ['g1', 'g2']) await storage.addGuild(newGuild(id), noTrail);
    const { models } = await openCache(uri, installation.connection.masterKey!);
    const documents = (guildId: string, first: number, count: number) =>
      Array.from({ length: count }, (_, index) => {
        const hwid = `pc-${first + index}`;
        const made = {
          rev: 1,
          type: 'hwid',
          value: hwid,
          match: hwid,
          reason: null,
          expiresAt: null,
          hits: 0,
        } as const;
        return { _id: first + index, guildId, ...made, createdAt: clock.now(), createdBy: 'cli', gone: false };
      });
    const raise = (first: number, count: number) =>
      raiseBundleVersion(
        models,
        Array.from({ length: count }, (_, index) => ({ guildId: 'g1', kind: 'blacklist', ref: `${first + index}` })),
      );
    const blocked = (guildId: string) =>
      look(
        storage,
        ({ blacklist }, now) => {
          const isListed = (id: number) => blacklist.find('hwid', `pc-${id}`, now) !== null;
          return Array.from({ length: 6_000 }, (_, id) => id).filter(isListed);
        },
        guildId,
      );
    const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
    await models.blacklist.insertMany([...documents('g1', 1, 2_500), ...documents('g2', 5_000, 1)]);
    await raise(1, 2_500);
    expect(await blocked('g1')).toEqual(from(1, 2_500));

    await models.blacklist.deleteMany({ _id: { $lte: 700 } });
    await raise(1, 700);
    await models.blacklist.insertMany(documents('g1', 2_501, 300));
    await raise(2_501, 300);
    expect(await blocked('g1')).toEqual(from(701, 2_100));
    expect(await blocked('g2')).toEqual([5_000]);

    // So many that the log still names all of them.
    await models.blacklist.deleteMany({ _id: { $gt: 2_500, $lt: 5_000 } });
    await raise(2_501, 300);
    expect(await blocked('g1')).toEqual(from(701, 1_800));
  });

  describe('a change whose process died before it raised the bundle version', () => {
    test('is finished by another process 10 s later, and then every process knows it', async () => {
      const { clock, installation, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await limitSeen(storage)).toBe(5);
      const outboxEntry = anOutboxEntry('r1', {
        at: clock.now(),
        audit: [auditEntry('settings.changed', 'settings')],
        effects: [{ id: 1_000_000, effect: { kind: 'roles', userId: '77' } }],
        changes: [settingsChange],
      });
      await changeAndDie(uri, 'guilds', 'g1', limitOf2, outboxEntry);

      clock.advance(10_000);
      await installation.open();
      expect(await limitSeen(storage)).toBe(5);
      expect(await auditOf(storage, 'g1')).toEqual([]);

      clock.advance(1);
      await installation.open();
      await installation.open();
      expect(await limitSeen(storage)).toBe(2);
      expect(await auditOf(storage, 'g1')).toEqual(['settings.changed settings']);
      expect(await storage.effectsById([1_000_000])).toMatchObject([{ status: 'pending' }]);
    });

    test('is finished when a product is refused because that one has the name, and then found by it', async () => {
      const { clock, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      const { id } = await addProduct(storage, 'g1', { name: 'Before' });
      const change = { guildId: 'g1', kind: 'product', ref: String(id) } as const;
      const find = async () => (await storage.bundle('g1'))?.products.byName('wanted')?.id;
      expect(await find()).toBeUndefined();
      const named = { name: 'Wanted', names: [{ folded: 'wanted', name: 'Wanted' }] };
      await changeAndDie(uri, 'products', id, named, anOutboxEntry('r1', { at: clock.now(), changes: [change] }));
      expect(await find()).toBeUndefined();

      const { products } = createServices({ storage, clock: clock.now, randomBytes, publicUrl: () => '' });
      const ensured = await products.ensure({ guildId: 'g1', actor: commandLine, name: 'Wanted' });
      expect(ensured).toMatchObject({ ok: true, value: { id } });
      expect(await find()).toBe(id);
    });

    test('is finished when a revoked API key is revoked again', async () => {
      const { clock, installation, storage, uri } = await install();
      const { apiKey } = await addPopulatedGuild(storage);
      const other = await installation.open();
      expect(await other.decide(aRequest(), grantRule)).toMatchObject({ result: 'granted' });
      const change = { guildId: 'g1', kind: 'api-key', ref: String(apiKey.id) } as const;
      const outboxEntry = anOutboxEntry('r1', { at: clock.now(), changes: [change] });
      await changeAndDie(uri, 'apikeys', apiKey.id, { revokedAt: clock.now() }, outboxEntry);

      expect(await storage.revokeApiKey('g1', apiKey.id, noTrail)).toMatchObject({ revokedAt: clock.now() });
      expect(await other.decide(aRequest(), grantRule)).toEqual({ result: 'unknown-guild', reason: 'api-key-unknown' });
    });
  });

  test("a removed product's change that is logged again does not hide the product that has its number now", async () => {
    const { storage, uri } = await install();
    for (const guildId of ['g1', 'g2']) await storage.addGuild(newGuild(guildId), noTrail);
    const guildReference = { by: 'product', productIds: [41] } as const;
    const ask = () => storage.decide(aRequest({ guildReference }), grantRule);
    expect(await ask()).toMatchObject({ result: 'unknown-guild' });
    await addProduct(storage, 'g2', { id: 41 });
    await raiseBundleVersion(await connect(uri), [{ guildId: 'g1', kind: 'product', ref: '41' }]);
    expect(await ask()).toMatchObject({ denial: 'license-unknown' });
  });

  test('a guild that was stored before challenge keys for single systems keeps its one key for all', async () => {
    const { storage, uri } = await install();
    await withDatabase(uri, async (database) => {
      await storage.addGuild(newGuild('g1'), noTrail);
      await database.collection('guilds').updateOne({}, { $unset: { systemKeys: 1 } });
    });
    expect(await storage.guilds()).toMatchObject([{ id: 'g1', publicKey: 'public-key-of-g1' }]);
    for (const system of signingSystems) expect(await storage.challengeKey('g1', system)).toBe('private-key-of-g1');
  });

  describe('a process that is behind', () => {
    test('reads the newest 500 changes, and notices when there were more', async () => {
      const { uri } = await install();
      const models = await connect(uri);
      await raiseBundleVersion(models, [settingsChange]);
      await raiseBundleVersion(
        models,
        Array.from({ length: 500 }, () => otherChange),
      );
      const { bundleVersion, changes } = await readChanges(models, 1);
      expect({ bundleVersion, count: changes?.length }).toEqual({ bundleVersion: 501, count: 500 });
      expect(new Set(changes?.map(({ guildId }) => guildId))).toEqual(new Set(['g9']));
      expect(await readChanges(models, 0)).toEqual({ bundleVersion: 501, changes: null });
    });

    test('reads the changes since its bundle version, oldest first, and none when that version was rolled back', async () => {
      const { uri } = await install();
      const models = await connect(uri);
      await raiseBundleVersion(models, [otherChange]);
      await raiseBundleVersion(models, [settingsChange, otherChange]);
      expect(await readChanges(models, 1)).toEqual({ bundleVersion: 3, changes: [settingsChange, otherChange] });
      expect(await readChanges(models, 3)).toEqual({ bundleVersion: 3, changes: [] });
      expect(await readChanges(models, 4)).toEqual({ bundleVersion: 3, changes: null });
    });

    test('loads everything when it is more than 500 changes behind', async () => {
      const { storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await limitSeen(storage)).toBe(5);
      const models = await connect(uri);
      await withDatabase(uri, (database) => database.collection('guilds').updateOne({}, { $set: limitOf2 }));

      await raiseBundleVersion(
        models,
        Array.from({ length: 500 }, () => otherChange),
      );
      expect(await limitSeen(storage)).toBe(5);
      await raiseBundleVersion(
        models,
        Array.from({ length: 501 }, () => otherChange),
      );
      expect(await limitSeen(storage)).toBe(2);
    });
  });
});
