import { afterEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { MongoMemoryServer } from 'mongodb-memory-server-core';
import { openClients } from '../../src/storage/mongo/database/clients.ts';
import { openMongoStorage } from '../../src/storage/mongo/open.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import {
  addLicense,
  addPopulatedGuild,
  addProduct,
  checkedCustomerId,
  newProduct,
  noTrail,
  releasesBefore,
  uuidPattern,
} from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';

const clock = createTestClock().now;

describeWithMongod('opening a store on MongoDB', () => {
  const closing: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  async function newDatabase() {
    const installation = await mongoEngine.install(clock);
    closing.push(() => installation.remove());
    const { uri = '', masterKey = '' } = installation.connection;
    return { uri, masterKey: Buffer.from(masterKey, 'base64') };
  }

  async function open(uri: string, masterKey = randomBytes(32), mayMakeStore = true): Promise<Storage> {
    const own = { mayMakeStore, changeTimeoutMs: 1_000 };
    const storage = await openMongoStorage({ uri, masterKey, clock, random: randomBytes, ...own });
    closing.push(() => storage.close());
    return storage;
  }

  test('refuses a standalone server with the command that makes it a replica set', async () => {
    const standalone = await MongoMemoryServer.create();
    closing.push(() => standalone.stop());
    await expect(open(standalone.getUri())).rejects.toThrow(/standalone.*--replSet rs0.*rs\.initiate\(\)/);
  });

  test('refuses a database that was made with another master key, or by a newer version', async () => {
    const { uri, masterKey } = await newDatabase();
    await (await open(uri, masterKey)).close();
    await expect(open(uri)).rejects.toThrow('another master key');
    await withDatabase(uri, (database) => database.collection('meta').updateOne({}, { $set: { version: 1_000 } }));
    await expect(open(uri, masterKey)).rejects.toThrow('newer version');
  });

  test('makes no store for a command that must not, and says where it looked', async () => {
    const { uri, masterKey } = await newDatabase();
    const name = new URL(uri).pathname.slice(1);
    await expect(open(uri, masterKey, false)).rejects.toThrow(`There is no store in the database “${name}”`);
    await withDatabase(uri, async (database) => {
      expect(await database.collection('meta').countDocuments()).toBe(0);
    });
    await (await open(uri, masterKey)).close();
    expect(await (await open(uri, masterKey, false)).guilds()).toEqual([]);
  });

  test('says in one sentence that no server answers', async () => {
    await expect(open('mongodb://127.0.0.1:1/latchkey')).rejects.toThrow('MongoDB cannot be reached');
  });

  test('names the variable, and not the password, where an option of the address is unknown', async () => {
    const opening = open('mongodb://me:precious@127.0.0.1:1/latchkey?bogus=1');
    await expect(opening).rejects.toThrow(/^MONGODB_URI: (?!.*precious)/);
  });

  test('keeps its promises whatever the address asks for', async () => {
    const { uri } = await newDatabase();
    const asked = new URL(uri);
    // A set of one has no secondary to read from.
    for (const [name, value] of [
      ['readPreference', 'secondary'],
      ['w', '0'],
    ] as const) {
      asked.searchParams.set(name, value);
    }
    const storage = await open(asked.href);
    await storage.setNote('n', 'v', null);
    expect(await storage.note('n')).toBe('v');
  });

  test('waits for the disk of a majority whatever the address asks for', async () => {
    const { uri } = await newDatabase();
    const asked = new URL(uri);
    asked.searchParams.set('journal', 'false');
    const {
      checks,
      writes: writeConnection,
      close,
    } = await openClients(asked.href, {
      checkDeadlineMs: 1_000,
      changeTimeoutMs: 1_000,
    });
    closing.push(close);
    for (const { connection } of [checks, writeConnection]) {
      expect(connection.getClient().options.writeConcern).toMatchObject({ w: 'majority', j: true });
    }
  });

  test('gives licenses of an older version their folded keys and orders, and keeps that version from starting again', async () => {
    const { uri, masterKey } = await newDatabase();
    const older = await open(uri, masterKey);
    const { product } = await addPopulatedGuild(older);
    const license = await addLicense(older, 'g1', product.id, { key: 'FGHJK-12345', order: 'ORD-1' });
    await older.close();
    const asOlder = {
      $unset: { keyFolded: '', orderFolded: '' },
      $set: { keyAnywhere: 'a hash' },
    } as const;
    await withDatabase(uri, async (database) => {
      await database.collection('licenses').updateMany({}, asOlder);
      await database
        .collection('products')
        .updateMany({}, { $set: { name: 'Big  Vault', names: [{ folded: 'big  vault', name: 'Big  Vault' }] } });
      await database.collection('meta').updateOne({}, { $set: { version: 1 } });
    });

    const storage = await open(uri, masterKey);

    expect(await storage.licensesByFoldedKey('g1', 'fghjk12345')).toEqual([license]);
    expect(await storage.countLicensesBy('g1', { order: 'ord-1' })).toBe(1);
    const sameName = newProduct({ name: 'big vault' });
    expect(await storage.createProduct('g1', sameName, () => noTrail)).toEqual({ taken: 'name' });
    await withDatabase(uri, async (database) => {
      expect(await database.collection('licenses').countDocuments({ keyAnywhere: { $exists: true } })).toBe(0);
      expect(await database.collection('meta').findOne({})).toMatchObject({ version: 4 });
    });
  });

  test('gives licenses of an older version what they are found and listed by, also those that it stored meanwhile', async () => {
    const { uri, masterKey } = await newDatabase();
    const older = await open(uri, masterKey);
    const { product, license } = await addPopulatedGuild(older);
    const holds = [{ kind: 'staff', at: clock(), reason: null }] as const;
    const named = await addLicense(older, 'g1', product.id, { key: 'a', name: 'Jane Doe' });
    const suspended = await addLicense(older, 'g1', product.id, { key: 'b', order: 'X-1', holds });
    await older.close();
    const page = { limit: 10, beforeId: null };
    for (const version of [2, 3]) {
      await withDatabase(uri, async (database) => {
        await database.collection('licenses').updateMany({}, { $unset: { grams: '', listedAs: '' } });
        await database
          .collection('licenses')
          .createIndexes([{ key: { guildId: 1, 'slots.kind': 1, 'slots.value': 1 } }]);
        await database.collection('meta').updateOne({}, { $set: { version } });
      });

      const storage = await open(uri, masterKey);

      expect(await storage.licenses('g1', { text: 'e doe' }, page)).toEqual([named]);
      expect(await storage.licenses('g1', { text: 'x-' }, page)).toEqual([suspended]);
      expect(await storage.licenses('g1', { state: 'suspended' }, page)).toEqual([suspended]);
      expect(await storage.licenses('g1', { state: 'active' }, page)).toEqual([named, license]);
      expect(await storage.countLicenses('g1', product.id)).toEqual({ licenses: 3, owners: 0, further: 0 });
      await storage.close();
      await withDatabase(uri, async (database) => {
        expect(await database.collection('meta').findOne({})).toMatchObject({ version: 4 });
        const keys = (await database.collection('licenses').indexes()).map(({ key }) => Object.keys(key as object));
        expect(keys).not.toContainEqual(['guildId', 'slots.kind', 'slots.value']);
      });
    }
  });

  test.each([3, 4])('gives what version %i stored the fields that it did not know', async (version) => {
    const { uri, masterKey } = await newDatabase();
    const older = await open(uri, masterKey);
    const { product, license } = await addPopulatedGuild(older);
    const second = await addLicense(older, 'g1', product.id, { key: 'b' });
    const panel = await addProduct(older, 'g1', { name: 'Panel', releases: releasesBefore });
    const reason = 'Owner left the server (automatic: member.onLeave)';
    const [at, left] = [clock(), await addLicense(older, 'g1', product.id, { key: 'c' })];
    await older.close();
    const newer = { features: '', metadata: '', updatedAt: '', revision: '' };
    const ofLicenses = {
      holds: '',
      uuid: '',
      furtherProductIds: '',
      allProducts: '',
      helperIds: '',
      helpersSeeKey: '',
      replacements: '',
    };
    await withDatabase(uri, async (database) => {
      await database
        .collection('licenses')
        .updateMany({}, { $set: { suspension: null }, $unset: { ...newer, ...ofLicenses } });
      const suspend = (id: number, why: string | null) =>
        database.collection('licenses').updateOne({ id }, { $set: { suspension: { at, reason: why } } });
      await suspend(second.id, null);
      await suspend(left.id, reason);
      await database.collection('products').updateMany({}, { $unset: { ...newer, 'releases.$[].latest': '' } });
      await database.collection('meta').updateOne({}, { $set: { version } });
    });

    const storage = await open(uri, masterKey);

    const licenses = await storage.licenses('g1', {}, { limit: 10, beforeId: null });
    const uuid = expect.stringMatching(uuidPattern);
    expect(licenses).toEqual([
      { ...left, uuid, holds: [{ kind: 'left', at, reason }] },
      { ...second, uuid, holds: [{ kind: 'staff', at, reason: null }] },
      { ...license, uuid },
    ]);
    expect(licenses[0]?.uuid).not.toBe(licenses[1]?.uuid);
    const { products } = (await storage.bundle('g1'))!;
    expect([products.byId(product.id), products.byId(panel.id)]).toEqual([product, panel]);
  });

  test('goes on where a process was killed while it gave licenses what they are found by', async () => {
    const { uri, masterKey } = await newDatabase();
    const older = await open(uri, masterKey);
    const { product } = await addPopulatedGuild(older);
    const done = await addLicense(older, 'g1', product.id, { key: 'a', name: 'Jane Doe' });
    const left = await addLicense(older, 'g1', product.id, { key: 'b', name: 'Jane Roe' });
    await older.close();
    const licenses = await withDatabase(uri, async (database) => {
      // Other grams than its texts have, which would be gone if it was written again.
      await database.collection('licenses').updateOne({ id: done.id }, { $set: { grams: ['zzz'] } });
      await database
        .collection('licenses')
        .updateMany({ id: { $ne: done.id } }, { $unset: { grams: '', listedAs: '' } });
      await database.collection('meta').updateOne({}, { $set: { version: 2 } });
      await open(uri, masterKey);
      return database.collection('licenses').find().toArray();
    });
    const gramsOf = (id: number) => licenses.find((license) => license.id === id)?.grams as readonly string[];
    expect([gramsOf(done.id), gramsOf(left.id)]).toEqual([['zzz'], expect.arrayContaining(['roe'])]);
    expect(licenses.filter(({ listedAs }) => listedAs !== 'on')).toEqual([]);
  });

  test('makes customers of the owners and supplied UUIDs of an older version, also where it was cut off', async () => {
    const { uri, masterKey } = await newDatabase();
    const supplied = '1b4e28ba-2fa1-4d3b-9f2e-0c6d5a7b8e90';
    const older = await open(uri, masterKey);
    const { product } = await addPopulatedGuild(older);
    for (const [index, ownerId] of ['7', '8', '7'].entries()) {
      await addLicense(older, 'g1', product.id, { key: `${index}`, ownerId });
    }
    const [eight] = [await older.customerId('g1', '8')];
    await older.close();
    await withDatabase(uri, async (database) => {
      const licenses = database.collection<{ _id: string; id: number }>('licenses');
      await licenses.updateMany({}, { $unset: { uuid: '', customerUuid: '' }, $set: { customerId: null } });
      // One license has its customer already, who was made before the process died.
      await licenses.updateOne({ ownerId: '8' }, { $set: { customerId: 2, customerUuid: eight } });
      const customers = database.collection<{ _id: string | number }>('customers');
      await customers.deleteOne({ discordId: '7' });
      await customers.createIndexes([{ key: { guildId: 1, uuid: 1 }, unique: true }]);
      const old = { rev: 0, guildId: 'g1' };
      await customers.insertOne({ ...old, _id: 'g1 7', userId: '7', uuid: supplied } as { _id: string });
      await customers.insertOne({ ...old, _id: 'g1 9', userId: '9', uuid: null } as unknown as { _id: string });
      await database.collection('meta').updateOne({}, { $set: { version: 3 } });
    });

    const storage = await open(uri, masterKey);

    const page = { limit: 10, beforeId: null };
    const [seven, known] = [await storage.ensureCustomer('g1', '7'), await storage.ensureCustomer('g1', '8')];
    expect([seven.uuid, known]).toEqual([supplied, { ...known, id: 2, uuid: eight }]);
    expect(await storage.customers('g1', {}, page)).toHaveLength(3);
    const licenses = await storage.licenses('g1', {}, page);
    expect(licenses.map(({ customerId }) => customerId)).toEqual([seven.id, 2, seven.id, null]);
    expect(await checkedCustomerId(storage, '2')).toBe(supplied);
    expect(await storage.setCustomerId('g1', '9', eight, noTrail)).toEqual({ taken: true });
  });

  test('finds a key of an older version whose accents stood apart in one spelling, and keeps it blacklisted', async () => {
    const { uri, masterKey } = await newDatabase();
    const older = await open(uri, masterKey);
    const { product } = await addPopulatedGuild(older);
    const apart = 'SCHLU\u0308SSEL';
    const { id } = await addLicense(older, 'g1', product.id, { key: apart });
    const entry = { type: 'key', value: '', match: null, key: apart, reason: null, expiresAt: null } as const;
    await older.addBlacklistEntry('g1', { ...entry, createdBy: 'cli' }, () => noTrail);
    await older.close();
    await withDatabase(uri, (database) =>
      database.collection('licenses').updateMany({}, { $unset: { keyFolded: '' } }),
    );

    const storage = await open(uri, masterKey);

    const key = 'SCHL\u00dcSSEL';
    expect(await storage.license('g1', { key })).toMatchObject({ id });
    expect(await storage.licenseKey('g1', id)).toBe(key);
    expect(await storage.blacklistEntry('g1', { type: 'key', key })).not.toBeNull();
    expect(await storage.licensesByFoldedKey('g1', apart)).toHaveLength(1);
    expect(await storage.license('g1', { key: apart })).toBeNull();
  });

  test('creates every index, and reports which is missing', async () => {
    const { uri } = await newDatabase();
    const storage = await open(uri);
    expect(await storage.replicaSet()).toMatchObject({ missingIndexes: [], config: { members: 1, arbiters: 0 } });
    await withDatabase(uri, (database) => database.collection('licenses').dropIndex('productId_1_id_-1'));
    expect(await storage.replicaSet()).toMatchObject({ missingIndexes: ['licenses.productId_id'] });
  });
});
