import { afterEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { copyKinds } from '../../src/storage/copy/port.ts';
import { copyStores, type CopyStoresOptions, type StoreLocation } from '../../src/storage/copy-stores.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { takeServerLock } from '../../src/storage/sqlite/database/server-lock.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { grantRule } from '../support/check-rules.ts';
import type { CopyOrders } from '../support/copy-process.ts';
import { cursorOf, fillStore, readStore } from '../support/full-store.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addLicense, addPopulatedGuild, addProduct, aRequest, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';

const script = fileURLToPath(new URL('../support/copy-process.ts', import.meta.url));
/** Everything in readStore reads what is certain: it was stored that long ago. */
const settleMs = 10_000;

describeWithMongod('copying a store', () => {
  const cleanUps: (() => Promise<void> | void)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  function newFolder(): string {
    const dir = mkdtempSync(join(tmpdir(), 'latchkey-copy-'));
    cleanUps.push(() => {
      rmSync(dir, { recursive: true });
    });
    return dir;
  }

  async function prepare() {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    cleanUps.push(() => installation.remove());
    const masterKey = Buffer.from(installation.connection.masterKey!, 'base64');
    const uri = installation.connection.uri!;
    const sqlite = { engine: 'sqlite', dir: newFolder() } as const;
    const mongodb = { engine: 'mongodb', uri } as const;

    const open = (location: StoreLocation) =>
      openStorage({
        mongodbUri: location.engine === 'mongodb' ? location.uri : null,
        dir: location.engine === 'sqlite' ? location.dir : null,
        masterKey,
        clock: clock.now,
        random: randomBytes,
        durability: 'process',
        server: false,
      });
    async function use<T>(location: StoreLocation, body: (storage: Storage) => Promise<T>): Promise<T> {
      const storage = await open(location);
      try {
        return await body(storage);
      } finally {
        await storage.close();
      }
    }
    const copy = (from: StoreLocation, to: StoreLocation, own: Partial<CopyStoresOptions> = {}) =>
      copyStores({
        from,
        to,
        masterKey,
        dataDir: newFolder(),
        clock: clock.now,
        random: randomBytes,
        onStep: () => undefined,
        onWarning: () => undefined,
        ...own,
      });
    /** Until a page of that kind is stored. */
    async function copyAndDie(from: StoreLocation, to: StoreLocation, dieAt: string): Promise<void> {
      const key = masterKey.toString('base64');
      const orders: CopyOrders = { from, to, masterKey: key, now: clock.now().toISOString(), dieAt };
      const child = spawn(process.execPath, [script, JSON.stringify(orders)], { stdio: 'inherit' });
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
    }
    return { clock, uri, masterKey, sqlite, mongodb, use, copy, copyAndDie };
  }

  test('there and back is the same store, of every kind of record', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, (storage) => fillStore(storage, clock));
    const there = await copy(sqlite, mongodb);
    const back = { engine: 'sqlite', dir: newFolder() } as const;
    const again = await copy(mongodb, back);
    expect(again.copied).toEqual(there.copied);
    const counts = copyKinds.map((kind) => [kind, there.copied[kind].count > 0]);
    expect(counts).toEqual(copyKinds.map((kind) => [kind, true]));

    clock.advance(settleMs);
    const original = await use(sqlite, readStore);
    expect(await use(mongodb, readStore)).toEqual(original);
    expect(await use(back, readStore)).toEqual(original);
    expect(original.unposted.length).toBeGreaterThan(0);
  });

  test('what several processes keep on MongoDB is in the copy too', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(mongodb, (storage) => fillStore(storage, clock));
    await copy(mongodb, sqlite);
    clock.advance(settleMs);
    const original = await use(mongodb, readStore);
    expect(await use(sqlite, readStore)).toEqual(original);
    const helped = (storage: Storage) => storage.licensesHelpedBy('200000000000000002');
    expect((await use(sqlite, helped)).map(({ name }) => name)).toEqual(['Ä “name”']);
    expect(original.unposted.length).toBeGreaterThan(0);
  });

  test('a check on the copy knows the owner and their UUID', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, (storage) => fillStore(storage, clock));
    await copy(sqlite, mongodb);
    const request = aRequest({ guildReference: { by: 'team', teamId: 'team-g1' }, key: 'KEYED-SECOND-AAAAA' });
    const check = async (storage: Storage) => {
      const read: unknown[] = [];
      await storage.decide(request, (snapshot) => {
        read.push(snapshot.owner()?.username, snapshot.customerId());
        return grantRule(snapshot);
      });
      return read;
    };
    const buyer = ['buyer', '01234567-89ab-4cde-8f01-23456789abcd'];
    expect([await use(mongodb, check), await use(sqlite, check)]).toEqual([buyer, buyer]);
  });

  test('what is made after it gets numbers and fences that were never given before', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, (storage) => fillStore(storage, clock));
    await copy(sqlite, mongodb);
    const back = { engine: 'sqlite', dir: newFolder() } as const;
    await copy(mongodb, back);
    const makeOne = async (storage: Storage) => {
      const product = await addProduct(storage, 'g1', { name: 'New' });
      const { entry } = await storage.addBlacklistEntry(
        'g1',
        { type: 'ip', value: 'x', match: 'x', key: null, reason: null, expiresAt: null, createdBy: 'cli' },
        () => noTrail,
      );
      const { id } = await addLicense(storage, 'g1', product.id, { key: 'AFTER-WARDS-AAAAA' });
      return {
        product: product.id,
        entry: entry.id,
        license: id,
        effects: await storage.addEffects('g1', [{ kind: 'roles', userId: '5' }]),
        fence: await storage.acquireLease('bot', 'new', 1_000),
      };
    };
    const made = [await use(sqlite, makeOne), await use(mongodb, makeOne), await use(back, makeOne)];
    expect(made[1]).toEqual(made[0]);
    expect(made[2]).toEqual(made[0]);
  });

  test('the log shipper continues after the attempt that it posted last', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, async (storage) => {
      await addPopulatedGuild(storage);
      await storage.decide(aRequest(), grantRule);
      await storage.setNote('log-cursor', JSON.stringify({ attempt: 1, audit: 0, alert: 0, minute: 0 }), null);
    });
    await copy(sqlite, mongodb);
    const back = { engine: 'sqlite', dir: newFolder() } as const;
    await copy(mongodb, back);
    for (const location of [mongodb, back]) {
      await use(location, async (storage) => {
        expect(await storage.attemptsAfter(await cursorOf(storage), 10)).toEqual([]);
        await storage.decide(aRequest({ hwid: 'later' }), grantRule);
        clock.advance(settleMs);
        expect(await storage.attemptsAfter(await cursorOf(storage), 10)).toHaveLength(1);
      });
    }
  });

  test('attempts keep their order where the clock was set back, and new ones come after them', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, async (storage) => {
      await addPopulatedGuild(storage);
      for (const [hwid, ms] of [
        ['1', 0],
        ['2', 86_400_000],
        ['3', -172_800_000],
        ['4', 1],
      ] as const) {
        clock.advance(ms);
        await storage.decide(aRequest(), (snapshot) => {
          const decision = grantRule(snapshot);
          return { ...decision, attempt: { ...decision.attempt, hwid } };
        });
      }
    });
    await copy(sqlite, mongodb);
    await use(mongodb, async (storage) => {
      clock.advance(settleMs);
      await storage.decide(aRequest(), (snapshot) => {
        const decision = grantRule(snapshot);
        return { ...decision, attempt: { ...decision.attempt, hwid: '5' } };
      });
      clock.advance(settleMs);
      const all = await storage.attemptsAfter(0, 10);
      expect(all.map(({ hwid }) => hwid)).toEqual(['1', '2', '3', '4', '5']);
    });
  });

  test('thousands of attempts go through in pages', async () => {
    const { clock, sqlite, mongodb, use, copy } = await prepare();
    await use(sqlite, async (storage) => {
      await addPopulatedGuild(storage);
      for (let i = 0; i < 20; i += 1) {
        await Promise.all(Array.from({ length: 250 }, () => storage.decide(aRequest(), grantRule)));
        clock.advance(1);
      }
    });
    const pages: number[] = [];
    let before = 0;
    const { copied } = await copy(sqlite, mongodb, {
      onStep: ({ doing, kind, done }) => {
        if (doing !== 'copying' || kind !== 'attempts') return;
        pages.push(done - before);
        before = done;
      },
    });
    expect(copied.attempts.count).toBe(5_000);
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000);
    const back = { engine: 'sqlite', dir: newFolder() } as const;
    expect((await copy(mongodb, back)).copied.attempts).toEqual(copied.attempts);
  });

  test('what a dead process left in the outbox is in the copy', async () => {
    const { sqlite, mongodb, use, copy, uri } = await prepare();
    await use(mongodb, (storage) => storage.addGuild(newGuild('g1'), noTrail));
    const entry = {
      at: new Date(0),
      actor: 'cli',
      action: 'guild.renamed',
      subject: 'guild',
      reason: null,
      details: '{}',
    };
    const nothing = { effects: [], changes: [], releases: [], publish: null, pendingCopy: null, customer: null };
    const outboxEntry = {
      id: 'left',
      at: new Date(0),
      guildId: 'g1',
      audit: [entry],
      ...nothing,
      sweep: false,
      remove: false,
    };
    await withDatabase(uri, (database) =>
      database
        .collection<{ _id: string; outbox: object[] }>('guilds')
        .updateOne({ _id: 'g1' }, { $push: { outbox: outboxEntry } }),
    );
    await copy(mongodb, sqlite);
    const events = await use(sqlite, (storage) => storage.audit('g1', {}, { limit: 10, beforeId: null }));
    expect(events).toMatchObject([{ action: 'guild.renamed' }]);
  });

  describe('that was killed', () => {
    test.each(['licenses', 'attempts', 'bundleVersion'])('at %s is not opened until it is finished', async (kind) => {
      const { clock, sqlite, mongodb, use, copy, copyAndDie } = await prepare();
      await use(sqlite, (storage) => fillStore(storage, clock));
      const unfinished = /holds an unfinished copy of .*: run the same latchkey copy-store again to finish it\.$/;
      await copyAndDie(sqlite, mongodb, kind);
      await expect(use(mongodb, () => Promise.resolve())).rejects.toThrow(unfinished);
      const { copied } = await copy(sqlite, mongodb);
      const back = { engine: 'sqlite', dir: newFolder() } as const;
      await copyAndDie(mongodb, back, kind);
      await expect(use(back, () => Promise.resolve())).rejects.toThrow(unfinished);
      expect((await copy(mongodb, back)).copied).toEqual(copied);
      clock.advance(settleMs);
      expect(await use(back, readStore)).toEqual(await use(sqlite, readStore));
    });

    test('continues where it was, and stores nothing twice that was written before its progress was', async () => {
      const { clock, sqlite, mongodb, use, copy, copyAndDie, uri } = await prepare();
      await use(sqlite, (storage) => fillStore(storage, clock));
      await copyAndDie(sqlite, mongodb, 'attempts');
      const beginning = { 'copy.kind': 'attempts', 'copy.after': null, 'copy.written': 0 };
      await withDatabase(uri, (database) => database.collection('meta').updateOne({}, { $set: beginning }));
      const steps: string[] = [];
      const onStep: CopyStoresOptions['onStep'] = ({ doing, kind }) => {
        if (doing === 'copying') steps.push(kind);
      };
      await copy(sqlite, mongodb, { onStep });
      expect(steps[0]).toBe('attempts');
      clock.advance(settleMs);
      expect(await use(mongodb, readStore)).toEqual(await use(sqlite, readStore));
    });

    test('starts over where the source was used since', async () => {
      const { clock, sqlite, mongodb, use, copy, copyAndDie } = await prepare();
      await use(sqlite, (storage) => fillStore(storage, clock));
      await copyAndDie(sqlite, mongodb, 'effects');
      await use(sqlite, (storage) => storage.renameGuild('g1', 'Renamed'));
      await copy(sqlite, mongodb);
      clock.advance(settleMs);
      expect(await use(mongodb, readStore)).toEqual(await use(sqlite, readStore));
    });

    test('is finished from its own source only', async () => {
      const { clock, sqlite, mongodb, use, copy, copyAndDie } = await prepare();
      await use(sqlite, (storage) => fillStore(storage, clock));
      await copyAndDie(sqlite, mongodb, 'users');
      const other = { engine: 'sqlite', dir: newFolder() } as const;
      await use(other, (storage) => storage.addGuild(newGuild('g9'), noTrail));
      await expect(copy(other, mongodb)).rejects.toThrow(`holds an unfinished copy of sqlite:${sqlite.dir}`);
    });
  });

  describe('fails', () => {
    test('where the target is not empty, on either engine', async () => {
      const { sqlite, mongodb, use, copy } = await prepare();
      for (const location of [sqlite, mongodb])
        await use(location, (storage) => storage.addGuild(newGuild('g1'), noTrail));
      await expect(copy(sqlite, mongodb)).rejects.toThrow('is not empty');
      await expect(copy(mongodb, sqlite)).rejects.toThrow('is not empty');
    });

    test('where there is nothing to copy, and makes nothing there', async () => {
      const { sqlite, mongodb, copy, uri } = await prepare();
      await expect(copy(sqlite, mongodb)).rejects.toThrow(`There is no store in ${sqlite.dir}.`);
      await expect(copy(mongodb, sqlite)).rejects.toThrow('There is no store in mongodb:');
      expect(await withDatabase(uri, (database) => database.collection('meta').countDocuments())).toBe(0);
    });

    test('while a server runs on the embedded store', async () => {
      const { sqlite, mongodb, use, copy } = await prepare();
      await use(sqlite, (storage) => storage.addGuild(newGuild('g1'), noTrail));
      const lock = takeServerLock(sqlite.dir);
      await expect(copy(sqlite, mongodb)).rejects.toThrow('Another Latchkey server runs on');
      lock.release();
      await copy(sqlite, mongodb);
    });

    test('while a process holds a lease on MongoDB', async () => {
      const { clock, sqlite, mongodb, use, copy } = await prepare();
      await use(mongodb, (storage) => storage.acquireLease('bot', 'another', 15_000));
      await expect(copy(mongodb, sqlite)).rejects.toThrow(
        'Latchkey runs on MongoDB (its lease bot lasts until 12:00:15 UTC)',
      );
      clock.advance(15_000);
      await copy(mongodb, sqlite);
    });

    test('but not because of a lease of a clock that was ahead', async () => {
      const { clock, sqlite, mongodb, use, copy } = await prepare();
      clock.advance(60 * 86_400_000);
      await use(mongodb, (storage) => storage.acquireLease('bot', 'another', 15_000));
      clock.advance(-60 * 86_400_000);
      await copy(mongodb, sqlite);
    });

    test('where the other side was made with another master key', async () => {
      const { sqlite, mongodb, use, copy } = await prepare();
      await use(sqlite, (storage) => storage.addGuild(newGuild('g1'), noTrail));
      await use(mongodb, () => Promise.resolve());
      const masterKey = randomBytes(32);
      await expect(copy(sqlite, mongodb, { masterKey })).rejects.toThrow('was made with another master key');
      await expect(copy(mongodb, sqlite, { masterKey })).rejects.toThrow('was made with another master key');
    });

    test('at its end where the source was changed meanwhile, and the next one starts over', async () => {
      const { clock, sqlite, mongodb, use, copy } = await prepare();
      await use(sqlite, (storage) => fillStore(storage, clock));
      const changes: Promise<void>[] = [];
      // A command line, which needs no server.
      const onStep: CopyStoresOptions['onStep'] = ({ kind }) => {
        if (kind === 'guilds' && changes.length === 0)
          changes.push(use(sqlite, (storage) => storage.renameGuild('g1', 'Renamed')));
      };
      await expect(copy(sqlite, mongodb, { onStep })).rejects.toThrow('was changed while it was copied');
      await Promise.all(changes);
      await copy(sqlite, mongodb);
      expect(await use(mongodb, async (storage) => (await storage.guilds()).map(({ name }) => name))).toContain(
        'Renamed',
      );
    });
  });

  test('a copy from MongoDB warns of what it cannot find out', async () => {
    const { sqlite, mongodb, use, copy } = await prepare();
    await use(mongodb, (storage) => storage.addGuild(newGuild('g1'), noTrail));
    const warnings: string[] = [];
    const { from } = await copy(mongodb, sqlite, { onWarning: (sentence) => warnings.push(sentence) });
    expect(warnings).toEqual([expect.stringContaining('cannot be seen here')]);
    expect(from).toMatch(/^mongodb:127\.0\.0\.1:\d+\/latchkey-[\w-]+$/);
  });
});
