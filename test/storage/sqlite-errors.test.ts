import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { createBundleCache } from '../../src/storage/sqlite/bundles/bundle-cache.ts';
import { createChecks } from '../../src/storage/sqlite/checks/checks.ts';
import { openFiles } from '../../src/storage/sqlite/database/files.ts';
import { StoreUnavailableError } from '../../src/storage/port/errors.ts';
import { createVault } from '../../src/storage/vault.ts';
import { deny, grantRule } from '../support/check-rules.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { addPopulatedGuild, aRequest } from '../support/storage-fixtures.ts';
import { startStorageProcess } from '../support/storage-process-runner.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const unavailable = { result: 'denied', denial: 'store-unavailable', detail: null };

async function populatedFolder(): Promise<string> {
  const dir = temporaryFolder();
  const storage = open(dir);
  await addPopulatedGuild(storage);
  await storage.close();
  return dir;
}

/** The lock of a writer, as another process holds it. */
function lockStore(dir: string): { release(): void } {
  const database = new DatabaseSync(join(dir, 'latchkey.db'));
  database.exec('BEGIN IMMEDIATE');
  closing.push(() => {
    if (database.isOpen) database.close();
  });
  return {
    release: () => {
      database.close();
    },
  };
}

/** The check path alone, on a connection that a test can block. */
async function openChecks() {
  const { now } = createTestClock();
  const vault = createVault(testMasterKey);
  const errors: unknown[] = [];
  const files = openFiles(await populatedFolder(), {
    vault,
    now,
    durability: 'process',
    server: false,
    onError: () => undefined,
  });
  closing.push(() => files.close());
  const checks = createChecks({
    checks: files.checks,
    vault,
    now,
    cache: createBundleCache(vault),
    hasOwnConnection: true,
    deadlineMs: 60_000,
    onLargeGroup: () => undefined,
    onError: (error) => void errors.push(error),
  });
  return { connection: files.checks, checks, errors };
}

describe('while another process holds the lock', () => {
  test('a check is answered store-unavailable at its deadline, also one that waits behind others', async () => {
    const dir = await populatedFolder();
    const errors: unknown[] = [];
    const storage = open(dir, { checkDeadlineMs: 600, onError: (error) => void errors.push(error) });
    const lock = lockStore(dir);
    const start = performance.now();

    const outcomes = await Promise.all(Array.from({ length: 600 }, () => storage.decide(aRequest(), grantRule)));

    // Three groups: if each waited for its own deadline after the one before, it would be three times as long.
    expect(performance.now() - start).toBeLessThan(1_700);
    expect(outcomes).toEqual(Array.from({ length: 600 }, () => unavailable));
    expect(errors[0]).toBeInstanceOf(StoreUnavailableError);
    expect(String(errors[0])).toContain('locked by another process');
    lock.release();
    expect(await storage.attempts('g1', {}, { limit: 10, beforeId: null })).toEqual([]);
  });

  test('a check is not tried again where the try would outlast its deadline', async () => {
    const dir = await populatedFolder();
    const storage = open(dir, { checkDeadlineMs: 400 });
    lockStore(dir);
    const start = performance.now();
    expect(await storage.decide(aRequest(), grantRule)).toEqual(unavailable);
    expect(performance.now() - start).toBeLessThan(400);
  });

  test('checks that arrived are answered as soon as it lets go', async () => {
    const dir = await populatedFolder();
    const storage = open(dir, { checkDeadlineMs: 60_000 });
    const lock = lockStore(dir);

    const waiting = Promise.all([1, 2, 3].map(() => storage.decide(aRequest(), grantRule)));
    // The checks are tried in this turn of the event loop, and put back.
    await setImmediate();
    lock.release();

    expect(await waiting).toMatchObject([1, 2, 3].map(() => ({ result: 'granted' })));
  });

  test('a change waits, and fails with a sentence when it has waited for too long', async () => {
    const dir = await populatedFolder();
    const storage = open(dir, { changeTimeoutMs: 60 });
    const lock = lockStore(dir);

    await expect(storage.renameGuild('g1', 'New')).rejects.toThrow('The store is locked by another process.');
    await expect(storage.renameGuild('g1', 'New')).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(await storage.guilds()).toMatchObject([{ name: 'Guild g1' }]);
    lock.release();
    await storage.renameGuild('g1', 'New');
    expect(await storage.guilds()).toMatchObject([{ name: 'New' }]);
  });
});

describe('while nothing can be written', () => {
  test.each([
    ['full', 'PRAGMA max_page_count = 1', 'PRAGMA max_page_count = 1000000', 'The disk of the store is full.'],
    ['read-only', 'PRAGMA query_only = ON', 'PRAGMA query_only = OFF', 'The store is read-only'],
  ])(
    'because it is %s, checks are answered store-unavailable at once, and granted again once it is not',
    async (_, ...texts) => {
      const [block, unblock, sentence] = texts;
      const { connection, checks, errors } = await openChecks();
      // Such an attempt needs a page more than the database has.
      const request = aRequest();
      const ask = () =>
        checks.decide(request, (snapshot) => {
          const decision = grantRule(snapshot);
          return { ...decision, attempt: { ...decision.attempt, userAgent: 'x'.repeat(9_000) } };
        });
      const stored = () => connection.prepare('SELECT count(*) AS attempts FROM attempts').get()?.attempts;

      connection.exec(block);
      expect(await Promise.all([ask(), ask()])).toEqual([unavailable, unavailable]);
      expect(errors.map(String)).toEqual([expect.stringContaining(sentence)]);
      expect(stored()).toBe(0);
      connection.exec(unblock);
      expect(await ask()).toMatchObject({ result: 'granted' });
      expect(stored()).toBe(1);
    },
  );

  test('attempts that are only counted are counted with the group that is stored, not with one that is not', async () => {
    const { connection, checks } = await openChecks();
    const unknown = () => checks.decide(aRequest({ key: 'none' }), (snapshot) => deny(snapshot, 'license-unknown'));
    const tooLong = () =>
      checks.decide(aRequest(), (snapshot) => deny(snapshot, 'expired', { userAgent: 'x'.repeat(9_000) }));
    const counted = (table: string) => connection.prepare(`SELECT sum(count) AS sum FROM ${table}`).get()?.sum;
    await Promise.all(Array.from({ length: 60 }, unknown));
    connection.exec('PRAGMA max_page_count = 1');
    await Promise.all([unknown(), unknown(), unknown(), tooLong()]);
    expect(counted('attempt_counts')).toBeNull();
    connection.exec('PRAGMA max_page_count = 1000000');

    await Promise.all([unknown(), unknown()]);

    expect(counted('attempt_counts')).toBe(2);
    // By the hour and by the day.
    expect(counted('attempt_statistics')).toBe(4);
  });

  test('because it is closed, changes and pings fail with a sentence', async () => {
    const storage = open(null);
    await storage.close();

    await expect(storage.renameGuild('g1', 'New')).rejects.toThrow('The store is closed.');
    await expect(storage.ping()).rejects.toThrow('The store is closed.');
    await storage.close();
  });
});

describe('a ping', () => {
  test('is answered by a store that can be written', async () => {
    await open(null).ping();
    await open(temporaryFolder()).ping();
  });
});

describe('a killed process', () => {
  test('leaves every check that it answered in the store', async () => {
    const dir = await populatedFolder();
    const connection = { dir, masterKey: testMasterKey.toString('base64') };
    const child = startStorageProcess(connection, 'answer-for-ever', '');
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk;
      if (printed.length > 40_000) child.kill('SIGKILL');
    });
    await once(child, 'close');

    const attempts = await open(dir).attempts('g1', {}, { limit: 1_000_000, beforeId: null });
    const stored = new Set(attempts.map(({ hwid }) => hwid));
    const answered = [...printed.matchAll(/^granted (\S+)\n/gm)].map(([, hwid]) => hwid);
    expect(answered.length).toBeGreaterThan(1_000);
    expect(answered.filter((hwid) => !stored.has(hwid ?? ''))).toEqual([]);
  });
});
