import { afterEach, describe, expect, test } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import mongoose from 'mongoose';
import type { CheckRequest } from '../../src/domain/check-request.ts';
import { createGuildBlacklist, windowSize } from '../../src/storage/mongo/bundles/guild-blacklist.ts';
import { raiseBundleVersion } from '../../src/storage/mongo/bundles/bundle-version.ts';
import { createModels, type Models } from '../../src/storage/mongo/database/models.ts';
import type { BlacklistDocument } from '../../src/storage/mongo/documents.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { deny } from '../support/check-rules.ts';
import { mongoEngine } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, addPopulatedGuild, aRequest, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';
import { untilStored } from '../support/until-stored.ts';

/** They take three windows to load. */
const entryCount = windowSize * 2 + 500;

const idsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

/** What a check is denied for, by what its request has, its key and its license. */
async function denyingEntry(storage: Storage, own: Partial<CheckRequest>): Promise<number | null> {
  let found: number | null = null;
  const request = aRequest(own);
  await storage.decide(request, (snapshot) => {
    const { now, bundle, license } = snapshot;
    const { declaredIp, observedIp, hwid, country } = request;
    const others = [
      hwid === null ? null : bundle.blacklist.find('hwid', hwid, now),
      country === null ? null : bundle.blacklist.find('country', country, now),
      bundle.blacklist.find('key', snapshot.keyHash() ?? '', now),
      bundle.blacklist.find('user', license?.ownerId ?? '', now),
    ];
    const byAddress = bundle.blacklist.findIp(
      [declaredIp, observedIp].filter((text) => text !== null),
      now,
    );
    found = byAddress ?? others.find((id) => id !== null) ?? null;
    return deny(snapshot, 'malformed');
  });
  return found;
}

describeWithMongod('a long blacklist on MongoDB', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  async function install() {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    cleanUps.push(() => installation.remove());
    const storage = await installation.open();
    for (const id of ['g1', 'g2']) await storage.addGuild(newGuild(id), noTrail);
    const connection = await mongoose.createConnection(installation.connection.uri!).asPromise();
    cleanUps.push(() => connection.close());
    const models = createModels(connection);

    const documentOf = (_id: number, guildId: string): BlacklistDocument => {
      const hwid = `pc-${_id}`;
      const texts = { type: 'hwid', value: hwid, match: hwid, reason: null } as const;
      const rest = { expiresAt: null, hits: 0, createdAt: clock.now(), createdBy: 'cli', gone: false };
      return { _id, rev: 1, guildId, ...texts, ...rest };
    };
    const raise = (ids: readonly number[], guildId: string) =>
      raiseBundleVersion(
        models,
        ids.map((id) => ({ guildId, kind: 'blacklist', ref: String(id) })),
      );
    /** Changes entries as another process does; entry 7 blocks the HWID `pc-7`. */
    const add = async (ids: readonly number[], guildId = 'g1') => {
      await models.blacklist.insertMany(ids.map((id) => documentOf(id, guildId)));
      await raise(ids, guildId);
    };
    const drop = async (ids: readonly number[], guildId = 'g1') => {
      await models.blacklist.deleteMany({ _id: { $in: [...ids] } });
      await raise(ids, guildId);
    };
    return { clock, installation, storage, models, add, drop };
  }

  /** Of which of these entries the HWID is blocked, asked by a check each, all at once. */
  async function blocked(storage: Storage, ids: readonly number[], guildId = 'g1'): Promise<readonly number[]> {
    const guildReference = { by: 'team', teamId: `team-${guildId}` } as const;
    const found = await Promise.all(
      ids.map((id) => denyingEntry(storage, { guildReference, hwid: `pc-${id}`, key: null })),
    );
    expect(ids.filter((id, index) => (found[index] ?? id) !== id)).toEqual([]);
    return ids.filter((_, index) => found[index] !== null);
  }

  /** Some of each window, and some that no one has listed. */
  const sample = idsFrom(0, entryCount + 200).filter((id) => id % 97 === 0);
  const listed = sample.filter((id) => id > 0 && id <= entryCount);

  test('is complete for the first check and for those while it is loaded, in each of two guilds', async () => {
    const { installation, models, add } = await install();
    await add(idsFrom(1, entryCount));
    await add([9_000], 'g2');
    const other = await installation.open();
    for (let round = 0; round < 4; round += 1) {
      expect(await blocked(other, [...sample, 9_000])).toEqual(listed);
      expect(await blocked(other, [...sample, 9_000], 'g2')).toEqual([9_000]);
    }

    // Once it is in memory, what no bundle version names is not seen. Until then the database is asked.
    const loaded = await createGuildBlacklist(models, 'g1');
    await untilStored(() => Promise.resolve(loaded.inMemory() ?? undefined));
    await models.blacklist.deleteMany({});
    const found = listed.filter((id) => loaded.inMemory()?.find('hwid', `pc-${id}`, new Date()) === id);
    expect(found).toEqual(listed);
    expect(await blocked(await installation.open(), listed)).toEqual([]);
  });

  test('denies the first check for every type of entry, the most specific address first', async () => {
    const { clock, installation, storage, add } = await install();
    await storage.deleteGuild('g1');
    const { product } = await addPopulatedGuild(storage);
    await addLicense(storage, 'g1', product.id, { key: 'OWNED', ownerId: '77' });
    await add(idsFrom(100_000, entryCount));
    const block = async (type: 'ip' | 'hwid' | 'country' | 'user' | 'key', match: string, expiresAt?: Date) => {
      const subject = type === 'key' ? { match: null, key: match } : { match, key: null };
      const own = { type, value: match, ...subject, reason: null, expiresAt: expiresAt ?? null, createdBy: 'cli' };
      return (await storage.addBlacklistEntry('g1', own, () => noTrail)).entry.id;
    };
    const [range, narrow, v6, text] = [
      await block('ip', '198.51.0.0/16'),
      await block('ip', '198.51.100.0/24'),
      await block('ip', '2001:db8::/32'),
      await block('ip', 'my server:1'),
    ];
    const ended = await block('ip', '198.51.100.7', new Date(clock.now().getTime() + 1));
    const [hwid, country, user, key] = [
      await block('hwid', 'pc'),
      await block('country', 'AUT'),
      await block('user', '77'),
      await block('key', 'BLOCKED'),
    ];
    clock.advance(2);
    const asked: readonly (readonly [Partial<CheckRequest>, number | null])[] = [
      [{ observedIp: '198.51.100.7' }, narrow],
      [{ observedIp: '198.51.7.7' }, range],
      [{ observedIp: '192.0.2.1', declaredIp: '198.51.100.9:25565' }, narrow],
      [{ observedIp: '2001:db8:1::9' }, v6],
      [{ declaredIp: 'My Server:1' }, text],
      [{ hwid: 'pc' }, hwid],
      [{ country: 'AUT' }, country],
      [{ key: 'OWNED' }, user],
      [{ key: 'BLOCKED' }, key],
      [{ hwid: 'another', country: 'DEU', declaredIp: 'their server' }, null],
    ];
    const expected = asked.map(([, id]) => id);
    const first = await installation.open();
    expect(await Promise.all(asked.map(([own]) => denyingEntry(first, own)))).toEqual(expected);
    expect(expected).not.toContain(ended);
  });

  test('the next check knows thousands of entries that another process added and removed', async () => {
    const { storage, models, add, drop } = await install();
    await add(idsFrom(1, entryCount));
    await add([9_000], 'g2');
    const all = idsFrom(1, 2 * entryCount).filter((id) => id % 7 === 0);
    const isIn = (first: number, last: number) => all.filter((id) => id >= first && id <= last);
    expect(await blocked(storage, all)).toEqual(isIn(1, entryCount));

    await drop(idsFrom(1, 700));
    await add(idsFrom(entryCount + 1, entryCount));
    expect(await blocked(storage, all)).toEqual(isIn(701, 2 * entryCount));
    expect(await blocked(storage, [9_000], 'g2')).toEqual([9_000]);

    await drop(idsFrom(entryCount + 1, 300));
    await models.changes.deleteMany({});
    await drop(idsFrom(entryCount + 301, 600));
    expect(await blocked(storage, all)).toEqual([...isIn(701, entryCount), ...isIn(entryCount + 901, 2 * entryCount)]);
  });

  test('is right whatever changes at whichever moment of the loading', async () => {
    const { installation, models, add, drop } = await install();
    const steps = fc.array(
      fc.record({ act: fc.constantFrom('add', 'drop', 'turn', 'many'), at: fc.integer({ min: 1, max: entryCount }) }),
      { maxLength: 10 },
    );
    const property = fc.asyncProperty(steps, async (done) => {
      await drop([]);
      await models.blacklist.deleteMany({});
      await add(idsFrom(1, entryCount));
      const storage = await installation.open();
      const current = new Set(idsFrom(1, entryCount));
      const asked = new Set([1, entryCount]);
      const expectRight = async () => {
        expect(await blocked(storage, [...asked])).toEqual([...asked].filter((id) => current.has(id)));
      };
      const change = async (ids: readonly number[]) => {
        const gone = ids.filter((id) => current.has(id));
        const made = ids.filter((id) => !current.has(id));
        await drop(gone);
        await add(made);
        for (const id of gone) current.delete(id);
        for (const id of made) current.add(id);
        for (const id of [...ids.slice(0, 3), ...ids.slice(-3)]) asked.add(id);
      };
      await expectRight();
      for (const { act, at } of done) {
        if (act === 'turn') await turn();
        if (act === 'drop') await change([at]);
        if (act === 'add') await change([at + entryCount]);
        if (act === 'many') await change(idsFrom(at, windowSize + 1));
        if (at % 2 === 0) await expectRight();
      }
      await expectRight();
      await storage.close();
    });
    await fc.assert(property, { numRuns: 5 });
  });

  describe('an entry that is removed while the window with it arrives', () => {
    /** Models whose reads of the blacklist wait for `gate` before their answers arrive. */
    function gated(models: Models, gate: () => Promise<void>): Models {
      const find = (...args: unknown[]) => ({
        toArray: async () => {
          const found = await models.blacklist.collection.find(...(args as [])).toArray();
          await gate();
          return found;
        },
      });
      return { ...models, blacklist: { collection: { find } } } as unknown as Models;
    }

    async function openGated() {
      const { models, add, drop } = await install();
      await add(idsFrom(1, entryCount));
      const gates: (() => void)[] = [];
      const held = { isHeld: false };
      const gate = () => (held.isHeld ? new Promise<void>((open) => gates.push(open)) : Promise.resolve());
      const blacklist = await createGuildBlacklist(gated(models, gate), 'g1');
      const complete = () => untilStored(() => Promise.resolve(blacklist.inMemory() ?? undefined));
      /** Holds the next read, runs the change after it, and lets the answer of the read arrive. */
      const during = async (change: () => Promise<void>) => {
        held.isHeld = true;
        expect(blacklist.inMemory()).toBeNull();
        const release = await untilStored(() => Promise.resolve(gates.shift()));
        const changing = change();
        held.isHeld = false;
        await turn();
        release();
        await changing;
        const reader = await complete();
        return (id: number) => reader.find('hwid', `pc-${id}`, new Date());
      };
      return { drop, blacklist, complete, during };
    }

    test('is read again after it', async () => {
      const { drop, blacklist, during } = await openGated();
      const id = entryCount - 600;
      const found = await during(async () => {
        await drop([id]);
        await blacklist.reload([id]);
      });
      expect([found(id), found(id + 1)]).toEqual([null, id + 1]);
    });

    test('is read again where thousands are', async () => {
      const { drop, blacklist, complete, during } = await openGated();
      await complete();
      const ids = idsFrom(1, windowSize + 1);
      await blacklist.reload(ids);
      const found = await during(async () => {
        await drop([5]);
        await blacklist.reload(ids);
      });
      expect([found(5), found(6)]).toEqual([null, 6]);
    });
  });

  test('goes on loading after a read has failed', async () => {
    const { models, add } = await install();
    await add(idsFrom(1, entryCount));
    let failures = 0;
    const find = (...args: unknown[]) => ({
      toArray: async () => {
        const found = await models.blacklist.collection.find(...(args as [])).toArray();
        if (failures === 1) throw Object.assign(new Error('the connection is lost'), { count: (failures += 1) });
        if (failures === 0) failures = 1;
        return found;
      },
    });
    const failing = { ...models, blacklist: { collection: { find } } } as unknown as Models;
    const blacklist = await createGuildBlacklist(failing, 'g1');
    const reader = await untilStored(() => Promise.resolve(blacklist.inMemory() ?? undefined));
    expect(failures).toBe(2);
    const found = listed.filter((id) => reader.find('hwid', `pc-${id}`, new Date()) === id);
    expect(found).toEqual(listed);
  });
});
