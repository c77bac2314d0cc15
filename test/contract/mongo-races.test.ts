import { afterEach, describe, expect, test } from '@jest/globals';
import { schemas } from '../../src/storage/mongo/schemas.ts';
import type { NewBlacklistEntry } from '../../src/storage/port/blacklist.ts';
import { look } from '../support/look.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { anOutboxEntry, auditEntry, changeAndDie } from '../support/mongo-outbox.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addPopulatedGuild, newGuild, newProduct, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { aTrail, auditOf, countTrails } from '../support/trails.ts';

const entry: NewBlacklistEntry = {
  type: 'hwid',
  value: 'PC',
  match: 'pc',
  key: null,
  reason: null,
  expiresAt: null,
  createdBy: 'user:5',
};
const uuid = '01234567-89ab-4cde-8f01-23456789abcd';

describeWithMongod('changes on MongoDB', () => {
  const removals: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const remove of removals.splice(0)) await remove();
  });

  async function install() {
    const { now } = createTestClock();
    const installation = await mongoEngine.install(now);
    removals.push(() => installation.remove());
    const storage = await installation.open();
    return { now, installation, storage, uri: installation.connection.uri! };
  }

  async function installTwo() {
    const { installation, storage } = await install();
    await storage.addGuild(newGuild('g1'), noTrail);
    const processes = [storage, await installation.open()];
    const race = <T>(call: (storage: (typeof processes)[number], index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: 20 }, (_, index) => call(processes[index % 2]!, index)));
    return { storage, race };
  }

  describe('of calls that race from two processes, one succeeds', () => {
    test.each([
      ['name', (index: number) => ({ name: index % 3 ? 'Größe' : ' GRÖßE ' })],
      ['uuid', (index: number) => ({ uuid, name: `Product ${index}` })],
      ['id', (index: number) => ({ id: 41, name: `Product ${index}` })],
    ] as const)('that create a product of one %s', async (taken, own) => {
      const { storage, race } = await installTwo();
      const answers = await race((each, index) => each.createProduct('g1', newProduct(own(index)), () => aTrail()));
      expect(answers.filter((answer) => 'product' in answer)).toHaveLength(1);
      expect(answers.filter((answer) => 'taken' in answer)).toEqual(Array.from({ length: 19 }, () => ({ taken })));
      expect((await storage.bundle('g1'))?.products.all()).toHaveLength(1);
      expect((await countTrails(storage)).audit).toBe(1);
    });

    test('that rename products to one name', async () => {
      const { storage, race } = await installTwo();
      const made = await race((each, index) =>
        each.createProduct('g1', newProduct({ name: `Product ${index}` }), () => noTrail),
      );
      const ids = made.map((answer) => ('product' in answer ? answer.product.id : 0));
      expect(new Set(ids).size).toBe(20);
      const answers = await race((each, index) =>
        each.changeProduct('g1', ids[index]!, (current) => ({
          next: { ...current, name: 'One' },
          trail: aTrail(),
          result: { renamed: ids[index] },
        })),
      );
      const renamed = answers.flatMap((answer) => (answer && 'renamed' in answer ? [answer.renamed] : []));
      expect(renamed).toHaveLength(1);
      expect(answers.filter((answer) => answer && 'taken' in answer)).toEqual(
        Array.from({ length: 19 }, () => ({ taken: 'name' })),
      );
      expect((await storage.bundle('g1'))?.products.byName('one')?.id).toBe(renamed[0]);
      expect((await countTrails(storage)).audit).toBe(1);
    });

    test('that create an API key of one secret', async () => {
      const { storage, race } = await installTwo();
      const apiKey = { name: 'shop', scopes: ['auth'], secret: 's', expiresAt: null, createdBy: 'cli' } as const;
      const answers = await race((each) => each.createApiKey('g1', apiKey, () => aTrail()));
      expect(answers.filter((answer) => 'apiKey' in answer)).toHaveLength(1);
      expect(answers.filter((answer) => 'taken' in answer)).toEqual(
        Array.from({ length: 19 }, () => ({ taken: true })),
      );
      expect(await storage.apiKeys('g1')).toHaveLength(1);
      expect((await countTrails(storage)).audit).toBe(1);
    });

    test('that blacklist one thing, and the others replace its entry', async () => {
      const { storage, race } = await installTwo();
      const answers = await race((each) => each.addBlacklistEntry('g1', entry, () => aTrail()));
      expect(answers.filter(({ replaced }) => replaced === null)).toHaveLength(1);
      expect(new Set(answers.map((answer) => answer.entry.id)).size).toBe(1);
      expect(await storage.countBlacklist('g1')).toBe(1);
      expect((await countTrails(storage)).audit).toBe(20);
    });

    test('that set up one guild', async () => {
      const { storage, race } = await installTwo();
      const answers = await race((each) => each.addGuild(newGuild('g2'), aTrail()));
      expect(answers.filter((answer) => 'guild' in answer)).toHaveLength(1);
      expect(answers.filter((answer) => 'taken' in answer)).toEqual(
        Array.from({ length: 19 }, () => ({ taken: 'id' })),
      );
      expect(await auditOf(storage, 'g2')).toHaveLength(1);
    });
  });

  describe('what a process that died began to remove', () => {
    test('an entry can be blacklisted again at once, as a new entry', async () => {
      const { now, installation, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      const { entry: former } = await storage.addBlacklistEntry('g1', entry, () => noTrail);
      const other = await installation.open();
      const found = () => look(other, ({ blacklist }, at) => blacklist.find('hwid', 'pc', at));
      expect(await found()).toBe(former.id);
      const outboxEntry = anOutboxEntry('r1', {
        at: now(),
        audit: [auditEntry('blacklist.removed', `blacklist:${former.id}`)],
        changes: [{ guildId: 'g1', kind: 'blacklist', ref: String(former.id) }],
        remove: true,
      });
      await changeAndDie(uri, 'blacklist', former.id, { gone: true }, outboxEntry);
      expect(await storage.countBlacklist('g1')).toBe(0);
      expect(await storage.removeBlacklistEntry('g1', former.id, aTrail())).toBeNull();

      const again = await storage.addBlacklistEntry('g1', entry, () => aTrail('blacklist.added', 'again'));
      expect(again.replaced).toBeNull();
      expect(again.entry.id).toBeGreaterThan(former.id);
      expect(await storage.blacklist('g1', {}, { limit: 10, beforeId: null })).toEqual([again.entry]);
      expect(await found()).toBe(again.entry.id);
      expect(await auditOf(storage, 'g1')).toEqual([
        'blacklist.added again',
        `blacklist.removed blacklist:${former.id}`,
      ]);
    });

    test("a product's number, UUID and name are free again at once", async () => {
      const { now, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      const ids = [41, 42, 43];
      for (const id of ids) {
        const own = { id, name: `Product ${id}`, uuid: uuid.replace(/..$/, String(id)) };
        await storage.createProduct('g1', newProduct(own), () => noTrail);
        const changes = [{ guildId: 'g1', kind: 'product', ref: String(id) }] as const;
        await changeAndDie(
          uri,
          'products',
          id,
          { gone: true },
          anOutboxEntry('r1', { at: now(), changes, remove: true }),
        );
      }
      const again = [{ id: 41 }, { uuid: uuid.replace(/..$/, '42') }, { name: ' PRODUCT 43' }];
      for (const [index, own] of again.entries()) {
        const made = await storage.createProduct('g1', newProduct({ name: `New ${index}`, ...own }), () => noTrail);
        expect(made).toMatchObject({ product: own });
      }
      expect((await storage.bundle('g1'))?.products.all()).toHaveLength(3);
    });

    test('a guild is gone at once, and set up again it has none of its former data', async () => {
      const { now, storage, uri } = await install();
      await addPopulatedGuild(storage);
      const changes = [{ guildId: 'g1', kind: 'guild', ref: 'g1' }] as const;
      const outboxEntry = anOutboxEntry('r1', { at: now(), changes, sweep: true, remove: true });
      await changeAndDie(uri, 'guilds', 'g1', { gone: true }, outboxEntry);
      expect(await storage.guilds()).toEqual([]);
      expect(await storage.challengeKey('g1')).toBeNull();

      expect(await storage.addGuild({ ...newGuild('g2'), teamId: 'team-g1' }, noTrail)).toHaveProperty('guild');
      await storage.addGuild(newGuild('g1', { teamId: 'another' }), noTrail);
      expect((await storage.bundle('g1'))?.products.all()).toEqual([]);
      expect(await storage.apiKeys('g1')).toEqual([]);
      expect(await storage.licenses('g1', {}, { limit: 10, beforeId: null })).toEqual([]);
    });

    test('keeps the outbox entries of an earlier change, which are carried out first', async () => {
      const { now, storage, uri } = await install();
      await storage.addGuild(newGuild('g1'), noTrail);
      const { entry: made } = await storage.addBlacklistEntry('g1', entry, () => noTrail);
      const outboxEntry = anOutboxEntry('r1', { at: now(), audit: [auditEntry('blacklist.added', 'earlier')] });
      await changeAndDie(uri, 'blacklist', made.id, { reason: 'leak' }, outboxEntry);
      expect(await storage.removeBlacklistEntry('g1', made.id, aTrail('blacklist.removed', 'now'))).toMatchObject({
        reason: 'leak',
      });
      expect((await auditOf(storage, 'g1')).toSorted()).toEqual(['blacklist.added earlier', 'blacklist.removed now']);
      expect(await storage.countBlacklist('g1')).toBe(0);
    });
  });

  test('of a removed guild nothing is left in any collection, and of another guild everything', async () => {
    const { storage, uri } = await install();
    await storage.addGuild(newGuild('g1'), noTrail);
    const names = Object.values(schemas)
      .filter((schema) => 'guildId' in schema.paths)
      .map((schema) => schema.get('collection')!);
    const left = async (guildId: string) =>
      withDatabase(uri, async (database) => {
        const counts = names.map(async (name) => [name, await database.collection(name).countDocuments({ guildId })]);
        return Object.fromEntries(await Promise.all(counts)) as object;
      });
    await withDatabase(uri, async (database) => {
      for (const name of names) {
        // What is unique in one collection or another.
        const documents = ['g1', 'g2'].map((guildId) => ({ guildId, uuid: guildId, hash: guildId, source: guildId }));
        await database.collection(name).insertMany(documents);
      }
    });

    expect(await storage.deleteGuild('g1')).toBe(true);
    expect(await left('g1')).toEqual(Object.fromEntries(names.map((name) => [name, 0])));
    expect(await left('g2')).toEqual(Object.fromEntries(names.map((name) => [name, 1])));
  });
});
