import { afterEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { createAttempts } from '../../src/storage/sqlite/attempts/attempts.ts';
import { createRollUp, idsPerRun, idsPerStep, rollUpAll } from '../../src/storage/sqlite/attempts/roll-up.ts';
import { createBundleCache } from '../../src/storage/sqlite/bundles/bundle-cache.ts';
import { createSqliteStore } from '../../src/storage/sqlite/connection.ts';
import { openMemory } from '../../src/storage/sqlite/database/files.ts';
import { createUpkeep } from '../../src/storage/sqlite/upkeep.ts';
import { createVault } from '../../src/storage/vault.ts';
import { grant } from '../support/grants.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const everything = { limit: 100_000, beforeId: null };
const open = useSqlite();
const temporaryFolder = useTemporaryFolders();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** One attempt a second, with the ids from 1 on, of two guilds in turn and 500 licenses; every 97th is denied. */
function openWithAttempts(count: number, license = '1 + i % 500') {
  const vault = createVault(testMasterKey);
  const { writeConnection } = openMemory(vault);
  closing.push(() => {
    writeConnection.close();
  });
  const store = createSqliteStore({
    writeConnection,
    vault,
    now: createTestClock().now,
    random: randomBytes,
    cache: createBundleCache(vault),
    changeTimeoutMs: 100,
    pauseAfterWriteMs: 0,
  });
  writeConnection.exec(`
    INSERT INTO attempts (id, guild_id, at, protocol, result, license_id, observed_ip, new_bindings, quiet)
    SELECT i, 'g' || (1 + i % 2), i * 1000, 'tki', iif(i % 97 = 0, 'expired', 'granted'), ${license}, '203.0.113.5', '[]', 0
    FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n)`);
  const ids = (sql: string) => store.statement(`SELECT id FROM attempts WHERE ${sql} ORDER BY id DESC`).all();
  const numberOf = (sql: string) => Object.values(store.statement(sql).get() ?? {})[0];
  return { store, attempts: createAttempts(store), upkeep: createUpkeep(store), ids, numberOf };
}

type Opened = ReturnType<typeof openWithAttempts>;

async function rollUpSteps({ store }: Opened, steps: number): Promise<void> {
  const rollUp = createRollUp(store.statement);
  for (let step = 0; step < steps; step += 1) await store.write(rollUp.step);
}

describe("a license's attempts", () => {
  const count = idsPerRun + 5_000;

  test.each([0, 1, 17, 100])('are all found, newest first, after %i steps of the roll-up', async (steps) => {
    const opened = openWithAttempts(count);
    await rollUpSteps(opened, steps);
    // Of g1, whose attempts have even ids, and so odd license ids.
    const listed: { id: number }[] = [];
    for (;;) {
      const beforeId = listed.at(-1)?.id ?? null;
      const page = await opened.attempts.attempts('g1', { licenseId: 7 }, { limit: 30, beforeId });
      if (page.length === 0) break;
      listed.push(...page.map(({ id }) => ({ id })));
    }
    expect(listed).toEqual(opened.ids('license_id = 7'));
    expect(listed.length).toBeGreaterThan(70);
    const denied = await opened.attempts.attempts('g1', { licenseId: 7, result: 'denied' }, everything);
    expect(denied.map(({ id }) => ({ id }))).toEqual(opened.ids("license_id = 7 AND result <> 'granted'"));
    expect(await opened.attempts.attempts('g2', { licenseId: 7 }, everything)).toEqual([]);
  });

  test('are all found where one license has thousands in a run', async () => {
    const opened = openWithAttempts(count, '7');
    await rollUpAll(opened.store);
    const denied = await opened.attempts.attempts('g1', { licenseId: 7, result: 'denied' }, everything);
    expect(denied.map(({ id }) => ({ id }))).toEqual(opened.ids("guild_id = 'g1' AND result <> 'granted'"));
  });
});

test('no statement that reads attempts reads all of them, or sorts them', async () => {
  const { store, attempts, upkeep } = openWithAttempts(100);
  const read = new Set<string>();
  const watched = {
    ...store,
    statement: (sql: string) => {
      if (sql.includes('attempt')) read.add(sql);
      return store.statement(sql);
    },
  };
  const watching = createAttempts(watched);
  for (const rolledUp of [false, true]) {
    if (rolledUp) await createUpkeep(watched).rollUpAttempts('g1');
    await watching.attempts('g1', {}, everything);
    await watching.attempts('g1', { result: 'denied', productId: 1, since: new Date(0) }, everything);
    await watching.attempts('g1', { licenseId: 7, result: 'denied', ip: '203.0.113.5' }, everything);
    await watching.attemptsAfter(0, 10);
    await watching.countClients('g1', 1, new Date(0), () => true);
    await watching.attemptStatistics('g1', 'day', new Date(0));
  }
  await createUpkeep(watched).deleteAttemptsBefore('g1', new Date(50_000), 10);
  expect(await upkeep.deleteAttemptsBefore('g1', new Date(0), 10)).toBe(0);
  expect(await attempts.attempts('g1', {}, everything)).toHaveLength(40);

  const plans = [...read].map((sql) => {
    const steps = store.statement(`EXPLAIN QUERY PLAN ${sql}`).all();
    return { sql, plan: steps.map(({ detail }) => String(detail)).join('\n') };
  });
  expect(plans.length).toBeGreaterThan(15);
  // One row, or the rows of a subquery that is searched itself.
  const isAllowed = (step: string) => /attempt_roll_up|\(subquery/.test(step);
  const isWhole = (step: string) =>
    (step.startsWith('SCAN') && !isAllowed(step)) || / attempts_guild \(guild_id=\?\)| ORDER BY/.test(step);
  const written = /^\s*(INSERT|DELETE)/;
  const whole = plans.filter(({ sql, plan }) => !written.test(sql) && plan.split('\n').some(isWhole));
  expect(whole).toEqual([]);
});

describe('the roll-up', () => {
  test('that is cut off at any point loses nothing and counts nothing twice', async () => {
    const opened = openWithAttempts(3 * idsPerStep + 100);
    const { store, numberOf } = opened;
    const rollUp = createRollUp(store.statement);
    await rollUpSteps(opened, 1);
    const dying = store.write(() => {
      rollUp.step();
      throw new Error('the process dies');
    });
    await expect(dying).rejects.toThrow('the process dies');
    expect(numberOf('SELECT last_id FROM attempt_roll_up')).toBe(idsPerStep);
    await rollUpAll(store);
    await rollUpAll(store);
    expect(numberOf('SELECT count(*) FROM attempt_licenses')).toBe(3 * idsPerStep + 100);
    expect(numberOf("SELECT sum(count) FROM attempt_statistics WHERE period = 'hour'")).toBe(3 * idsPerStep + 100);
    expect(numberOf("SELECT sum(count) FROM attempt_statistics WHERE period = 'day'")).toBe(3 * idsPerStep + 100);
  });

  test('is made between groups of checks, and goes on where the process before stopped', async () => {
    const dir = temporaryFolder();
    const lastId = () => {
      const database = new DatabaseSync(join(dir, 'latchkey.db'));
      const last = database.prepare('SELECT last_id FROM attempt_roll_up').get()?.last_id;
      database.close();
      return last;
    };
    const check = async (times: number) => {
      const storage = open(dir);
      if (times > 0) await Promise.all(Array.from({ length: times }, () => grant(storage, {})));
      await setImmediate();
      await storage.close();
    };
    const storage = open(dir);
    await addPopulatedGuild(storage);
    await storage.close();

    await check(idsPerStep - 1);
    expect(lastId()).toBe(0);
    await check(2);
    expect(lastId()).toBe(idsPerStep);
  });
});

describe('retention', () => {
  const count = 3 * idsPerRun;
  const at = (id: number) => new Date(id * 1000);
  /** Deletes everything before the instant, with the limit that the job has. */
  async function retain({ upkeep }: Opened, guildId: string, before: Date): Promise<void> {
    while ((await upkeep.deleteAttemptsBefore(guildId, before, 2_000)) > 0);
  }

  test('removes the entries of deleted attempts from the index by license, in whole runs', async () => {
    const opened = openWithAttempts(count);
    const { numberOf } = opened;
    await rollUpAll(opened.store);
    for (const guildId of ['g1', 'g2']) await retain(opened, guildId, at(idsPerRun + 500));
    expect(numberOf('SELECT min(run) FROM attempt_licenses')).toBe(1);
    const found = await opened.attempts.attempts('g1', { licenseId: 7 }, everything);
    expect(found.map(({ id }) => ({ id }))).toEqual(opened.ids('license_id = 7'));

    for (const guildId of ['g1', 'g2']) await retain(opened, guildId, at(count + 1));
    expect(numberOf('SELECT count(*) FROM attempts')).toBe(0);
    expect(numberOf('SELECT count(*) FROM attempt_licenses')).toBe(0);
    expect(await opened.attempts.attempts('g1', { licenseId: 7 }, everything)).toEqual([]);
  });

  test('of one guild leaves no entries behind next to another one that retains its attempts', async () => {
    const opened = openWithAttempts(count);
    const { numberOf } = opened;
    await rollUpAll(opened.store);
    await retain(opened, 'g1', at(count + 1));
    expect(numberOf(`SELECT count(*) FROM attempt_licenses WHERE run >= 2 AND license_id % 2 = 1`)).toBe(0);
    const found = await opened.attempts.attempts('g2', { licenseId: 8 }, everything);
    expect(found.map(({ id }) => ({ id }))).toEqual(opened.ids('license_id = 8'));
  });

  test('of everything gives no id a second time', async () => {
    const dir = temporaryFolder();
    const clock = createTestClock();
    const storage = open(dir, { clock: clock.now });
    await addPopulatedGuild(storage);
    await grant(storage, {});
    const [before] = await storage.attempts('g1', {}, everything);
    clock.advance(1);
    await storage.deleteAttemptsBefore('g1', clock.now(), 10);
    await grant(storage, {});
    const [after] = await storage.attempts('g1', {}, everything);
    expect(after!.id).toBeGreaterThan(before!.id);
  });
});
