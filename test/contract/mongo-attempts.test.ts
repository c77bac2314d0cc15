import { afterEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { dayMs } from '../../src/domain/values/calendar.ts';
import { copyStores, type StoreLocation } from '../../src/storage/copy-stores.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { deny, grant } from '../support/grants.ts';
import { mongoEngine, withDatabase } from '../support/mongo-engine.ts';
import { describeWithMongod } from '../support/mongod.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

/** Longer than it takes until no attempt with a lower id can appear. */
const settleMs = 10_000;

const temporaryFolder = useTemporaryFolders();

describeWithMongod('attempts on MongoDB', () => {
  const removals: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const remove of removals.splice(0)) await remove();
  });

  async function copy(from: StoreLocation, to: StoreLocation, masterKey: Buffer, clock: () => Date): Promise<void> {
    const silent = { onStep: () => undefined, onWarning: () => undefined };
    await copyStores({ from, to, masterKey, dataDir: temporaryFolder(), clock, random: randomBytes, ...silent });
  }

  async function openFolder(dir: string, masterKey: Buffer, clock: () => Date): Promise<Storage> {
    const ownProcess = { random: randomBytes, durability: 'process', server: false } as const;
    const storage = await openStorage({ mongodbUri: null, dir, masterKey, clock, ...ownProcess });
    removals.push(() => storage.close());
    return storage;
  }

  test('that were stored before they had all of their fields are read and copied with null for them', async () => {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    removals.push(() => installation.remove());
    const uri = installation.connection.uri!;
    const storage = await installation.open();
    await addPopulatedGuild(storage);
    await deny(storage, { version: '1', branch: 'beta', scope: 'pro' });
    const later = { countedIp: '', branch: '', scope: '' } as const;
    await withDatabase(uri, (database) => database.collection('attempts').updateMany({}, { $unset: later }));
    clock.advance(settleMs);

    const masterKey = Buffer.from(installation.connection.masterKey!, 'base64');
    const dir = temporaryFolder();
    await copy({ engine: 'mongodb', uri }, { engine: 'sqlite', dir }, masterKey, clock.now);
    const copied = await openFolder(dir, masterKey, clock.now);

    const attemptsOf = async (store: Storage) => [
      ...(await store.attempts('g1', {}, { limit: 10, beforeId: null })),
      ...(await store.attemptsAfter(0, 10)),
    ];
    const expected = expect.objectContaining({ version: '1', countedIp: null, branch: null, scope: null });
    expect(await attemptsOf(storage)).toEqual([expected, expected]);
    expect(await attemptsOf(copied)).toEqual([expected, expected]);
  });

  test('that were copied after a clock was set back are found by result, on whatever day their ids are', async () => {
    const clock = createTestClock();
    const installation = await mongoEngine.install(clock.now);
    removals.push(() => installation.remove());
    const uri = installation.connection.uri!;
    const masterKey = Buffer.from(installation.connection.masterKey!, 'base64');
    const dir = temporaryFolder();
    const source = await openFolder(dir, masterKey, clock.now);
    await addPopulatedGuild(source);
    await grant(source, {});
    clock.advance(4 * dayMs);
    await grant(source, {});
    clock.advance(-3 * dayMs);
    // In the copy it has an id of the day of the attempt before.
    await deny(source, { version: 'set back' });
    clock.advance(3 * dayMs);
    await grant(source, {});
    await source.close();
    await copy({ engine: 'sqlite', dir }, { engine: 'mongodb', uri }, masterKey, clock.now);
    clock.advance(2 * dayMs);

    const storage = await installation.open();
    await grant(storage, {});
    await storage.rollUpAttempts('g1');

    const page = { limit: 10, beforeId: null };
    expect(await storage.attempts('g1', { result: 'denied' }, page)).toMatchObject([{ version: 'set back' }]);
    expect(await storage.attempts('g1', { result: 'granted' }, page)).toHaveLength(4);
  });
});
