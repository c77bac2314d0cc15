import { afterEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { signingSystems } from '../../src/domain/guild.ts';
import type { Settings } from '../../src/domain/settings/settings.ts';
import { commandLine } from '../../src/domain/actor.ts';
import { createServices } from '../../src/services/services.ts';
import { createBundleCache } from '../../src/storage/mongo/bundles/bundle-cache.ts';
import type { Change } from '../../src/storage/mongo/documents.ts';
import { createModels, type Models } from '../../src/storage/mongo/database/models.ts';
import { raiseBundleVersion, readChanges } from '../../src/storage/mongo/bundles/bundle-version.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { createVault } from '../../src/storage/vault.ts';
import { grantRule } from '../support/check-rules.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { anOutboxEntry, auditEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addPopulatedGuild, addProduct, aRequest, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { auditOf } from '../support/trails.ts';
import { untilStored } from '../support/until-stored.ts';

const limitOf2 = { settings: [{ key: 'limits.ip', value: '2' }] };
const settingsChange: Change = { guildId: 'g1', kind: 'settings', ref: 'g1' };
/** A change in a guild that does not exist. */
const otherChange: Change = { guildId: 'g9', kind: 'settings', ref: 'g9' };

const limitSeen = async (storage: Storage) => (await storage.bundle('g1'))?.settings['limits.ip'];

/** The model, whose `findOne` waits for the gate once it has read. */
function gated(guilds: Models['guilds'], gate: () => Promise<void>): Models['guilds'] {
  const findOne = (filter: object) => ({
    select: (fields: Record<string, number>) => ({
      lean: async () => {
        const found = await guilds.findOne(filter).select(fields).lean();
        await gate();
        return found;
      },
    }),
  });
  return new Proxy(guilds, {
    get: (model, name): unknown => (name === 'findOne' ? findOne : Reflect.get(model, name)),
  });
}

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
   * A cache of its own, for which what it reads of a guild arrives once the `gate` is open; `watch` returns which
   * collections are read during the call, and how many reads run at the same time.
   */
  async function openCache(uri: string, masterKey: string, gate = () => Promise.resolve()) {
    const connection = await mongoose.createConnection(uri, { monitorCommands: true }).asPromise();
    cleanUps.push(() => connection.close());
    const models = createModels(connection);
    const vault = createVault(Buffer.from(masterKey, 'base64'));
    const topology = { primary: () => 'the only one', isSingle: () => true };
    const guilds = gated(models.guilds, gate);
    const cache = createBundleCache({ models: { ...models, guilds }, vault, topology });

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
    test('reads the newest 500 changes at once and up to 10,000, and notices when there were more', async () => {
      const { uri } = await install();
      const models = await connect(uri);
      await raiseBundleVersion(models, [settingsChange]);
      const raise = (count: number) => raiseBundleVersion(models, Array<Change>(count).fill(otherChange));
      await raise(500);
      await models.changes.deleteMany({ _id: { $gt: 1 } });
      const newest = await readChanges(models, 1);
      expect(newest).toEqual({ bundleVersion: 501, changes: Array<Change>(500).fill(otherChange) });
      expect((await readChanges(models, 0)).changes?.slice(0, 2)).toEqual([settingsChange, otherChange]);

      await raise(9_000);
      // Of those that the document has no more, some are missing, as if their process had died before it kept them.
      expect(await readChanges(models, 0)).toEqual({ bundleVersion: 9_501, changes: null });
      expect((await readChanges(models, 501)).changes).toHaveLength(9_000);
      await raise(1_000);
      expect((await readChanges(models, 501)).changes).toHaveLength(10_000);
      expect(await readChanges(models, 500)).toEqual({ bundleVersion: 10_501, changes: null });
      expect(await models.changes.findOne().sort({ _id: 1 })).toMatchObject({ _id: 502 });
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

    test('reads what changed where the changes are kept, and everything where they are not', async () => {
      const { storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      expect(await limitSeen(storage)).toBe(5);
      const models = await connect(uri);
      await withDatabase(uri, (database) => database.collection('guilds').updateOne({}, { $set: limitOf2 }));

      for (const count of [500, 2_000]) {
        await raiseBundleVersion(models, Array<Change>(count).fill(otherChange));
        expect(await limitSeen(storage)).toBe(5);
      }
      await raiseBundleVersion(models, Array<Change>(10_001).fill(otherChange));
      expect(await limitSeen(storage)).toBe(2);
    });
  });

  describe('what was changed by hand', () => {
    /** A cache that has read the guild, which a minute later has another limit without a change in the log. */
    async function changeByHand(gate?: () => Promise<void>) {
      const { clock, installation, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      await addProduct(storage, 'g1', { id: 41 });
      const { models, cache } = await openCache(uri, installation.connection.masterKey!, gate);
      await cache.refresh(clock.now());
      await cache.bundles(['g1']);
      await withDatabase(uri, (database) => database.collection('guilds').updateOne({}, { $set: limitOf2 }));
      await models.products.updateOne({ _id: 41 }, { $set: { guildId: 'g2' } });
      const guildsOf41 = () => cache.directory.find({ by: 'product', productIds: [41] }, clock.now());
      return { clock, storage, models, cache, guildsOf41 };
    }

    test('is read after a minute, for which no check waits', async () => {
      const { clock, models, cache, guildsOf41 } = await changeByHand();
      const { bundleVersion } = await readChanges(models, 0);
      clock.advance(59_999);
      await cache.keepUp(clock.now());
      expect(cache.peek('g1')?.settings['limits.ip']).toBe(5);
      clock.advance(1);
      expect(cache.isCurrent(bundleVersion)).toBe(true);

      const keepingUp = cache.keepUp(clock.now());
      expect(cache.isCurrent(bundleVersion)).toBe(true);
      expect(cache.peek('g1')?.settings['limits.ip']).toBe(5);
      await keepingUp;
      expect(cache.peek('g1')?.settings['limits.ip']).toBe(2);
      expect(guildsOf41()).toEqual({ guildIds: ['g2'] });
    });

    test('does not undo a change that was read meanwhile', async () => {
      let isHeld = Promise.resolve();
      let open: () => void = () => undefined;
      let reads = 0;
      const { clock, storage, cache, guildsOf41 } = await changeByHand(() => {
        reads += 1;
        return isHeld;
      });
      clock.advance(60_000);
      isHeld = new Promise((resolve) => {
        open = resolve;
      });
      const keepingUp = cache.keepUp(clock.now());
      await untilStored(() => Promise.resolve(reads === 2 || undefined));
      const next = (current: Settings) => ({ next: { ...current, 'limits.ip': 9 }, trail: noTrail, result: {} });
      await storage.changeSettings('g1', next);
      await cache.refresh(clock.now());
      const reading = cache.bundles(['g1']);
      open();
      await Promise.all([keepingUp, reading]);
      expect(cache.peek('g1')?.settings['limits.ip']).toBe(9);
      expect(guildsOf41()).toEqual({ guildIds: ['g1'] });
    });
  });
});
