import { afterEach, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { copyStores } from '../../src/storage/copy-stores.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { deny } from '../support/grants.ts';
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
    await copyStores({
      from: { engine: 'mongodb', uri },
      to: { engine: 'sqlite', dir },
      masterKey,
      dataDir: temporaryFolder(),
      clock: clock.now,
      random: randomBytes,
      onStep: () => undefined,
      onWarning: () => undefined,
    });
    const ownProcess = { random: randomBytes, durability: 'process', server: false } as const;
    const copy = await openStorage({ mongodbUri: null, dir, masterKey, clock: clock.now, ...ownProcess });
    removals.push(() => copy.close());

    const attemptsOf = async (store: Storage) => [
      ...(await store.attempts('g1', {}, { limit: 10, beforeId: null })),
      ...(await store.attemptsAfter(0, 10)),
    ];
    const expected = expect.objectContaining({ version: '1', countedIp: null, branch: null, scope: null });
    expect(await attemptsOf(storage)).toEqual([expected, expected]);
    expect(await attemptsOf(copy)).toEqual([expected, expected]);
  });
});
