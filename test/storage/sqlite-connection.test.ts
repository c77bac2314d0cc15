import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createBundleCache } from '../../src/storage/sqlite/bundles/bundle-cache.ts';
import { createSqliteStore } from '../../src/storage/sqlite/connection.ts';
import { openMemory } from '../../src/storage/sqlite/database/files.ts';
import { createGuilds } from '../../src/storage/sqlite/bundles/guilds.ts';
import { createVault } from '../../src/storage/vault.ts';
import { testMasterKey } from '../support/open-sqlite.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';

async function openStore() {
  const clock = createTestClock();
  const vault = createVault(testMasterKey);
  const { writeConnection } = openMemory(vault);
  const cache = createBundleCache(vault);
  const store = createSqliteStore({
    writeConnection,
    vault,
    now: clock.now,
    random: randomBytes,
    cache,
    changeTimeoutMs: 100,
    pauseAfterWriteMs: 0,
  });
  await createGuilds(store).addGuild(newGuild('g1'), noTrail);
  const nameNow = () => store.read(() => store.bundle('g1')?.guild.name);
  const rename = (name: string) => store.statement("UPDATE guilds SET name = ? WHERE id = 'g1'").run(name);
  return { clock, store, cache, nameNow, rename };
}

describe('a transaction', () => {
  test('that fails leaves neither rows nor anything in memory', async () => {
    const { store, nameNow, rename } = await openStore();
    const failing = store.write(() => {
      rename('Never');
      store.raiseBundleVersion('g1', 'guild', 'g1');
      expect(store.bundle('g1')?.guild.name).toBe('Never');
      throw new Error('an error in a change');
    });

    await expect(failing).rejects.toThrow('an error in a change');
    // The next change gets the number that the failed one had.
    await store.write(() => {
      store.raiseBundleVersion('g2', 'guild', 'g2');
    });
    expect(await nameNow()).toBe('Guild g1');
  });

  test('that follows long ones waits for a turn of the event loop', async () => {
    const { store } = await openStore();
    await turn();
    let hadTurn = false;
    setImmediate(() => {
      hadTurn = true;
    });
    const readLong = () =>
      store.read(() => {
        for (const endsAt = performance.now() + 6; performance.now() < endsAt;);
        return hadTurn;
      });
    // Awaiting a promise that is resolved already is no turn of the event loop.
    expect(await readLong()).toBe(false);
    expect(await readLong()).toBe(true);
  });

  test('shares no turn with other long ones that were asked for at once', async () => {
    const { store } = await openStore();
    await turn();
    let turns = 0;
    const countTurns = () => {
      turns += 1;
      counting = setImmediate(countTurns);
    };
    let counting = setImmediate(countTurns);
    const readLong = () =>
      store.read(() => {
        for (const endsAt = performance.now() + 6; performance.now() < endsAt;);
        return turns;
      });
    const inTurns = await Promise.all(Array.from({ length: 5 }, readLong));
    clearImmediate(counting);
    expect(new Set(inTurns).size).toBe(5);
  });

  test('comes after those that were asked for before it, though they wait for a turn', async () => {
    const { store } = await openStore();
    const order: string[] = [];
    const readLong = (name: string) =>
      store.read(() => {
        for (const endsAt = performance.now() + 6; performance.now() < endsAt;);
        order.push(name);
      });
    const job = async () => {
      for (let step = 1; step <= 3; step += 1) await readLong(`step ${step}`);
    };
    await Promise.all([job(), readLong('other')]);
    expect(order).toEqual(['step 1', 'other', 'step 2', 'step 3']);
  });

  test('reads its own change in the bundle before it is committed', async () => {
    const { store, rename, nameNow } = await openStore();
    expect(await nameNow()).toBe('Guild g1');

    const name = await store.write(() => {
      rename('New');
      store.raiseBundleVersion('g1', 'guild', 'g1');
      return store.bundle('g1')?.guild.name;
    });

    expect(name).toBe('New');
  });
});

describe('the bundle in memory', () => {
  test('is read again after a minute, whatever the bundle version says, and when the clock steps back', async () => {
    const { clock, store, nameNow, rename } = await openStore();
    /** Asks, and asks again when the guild has had its turn to be read. */
    const nameSoon = async () => {
      await nameNow();
      await turn();
      return nameNow();
    };
    expect(await nameSoon()).toBe('Guild g1');
    await store.write(() => rename('By hand'));

    clock.advance(59_999);
    expect(await nameSoon()).toBe('Guild g1');
    clock.advance(1);
    expect(await nameSoon()).toBe('By hand');
    await store.write(() => rename('By hand again'));
    clock.advance(-1);
    expect(await nameSoon()).toBe('By hand again');
  });

  test('is forgotten after two minutes in which no one asked for it', async () => {
    const { clock, store, nameNow, rename } = await openStore();
    const refresh = async () => {
      clock.advance(60_000);
      await store.read(() => store.bundle('other'));
      await turn();
    };
    expect(await nameNow()).toBe('Guild g1');
    await refresh();
    await refresh();
    await store.write(() => rename('By hand'));
    expect(await nameNow()).toBe('By hand');
  });

  test('of many guilds is read again one guild in each turn', async () => {
    const { clock, store, nameNow, rename } = await openStore();
    await createGuilds(store).addGuild(newGuild('g2'), noTrail);
    await nameNow();
    await store.read(() => store.bundle('g2'));
    await store.write(() => rename('By hand'));
    await store.write(() => store.statement("UPDATE guilds SET name = 'By hand' WHERE id = 'g2'").run());
    clock.advance(60_000);
    const names = () => store.read(() => ['g1', 'g2'].map((id) => store.bundle(id)?.guild.name));
    expect(await names()).toEqual(['Guild g1', 'Guild g2']);
    await turn();
    expect(await names()).toEqual(['By hand', 'Guild g2']);
    await turn();
    expect(await names()).toEqual(['By hand', 'By hand']);
  });
});

describe('a blacklist in memory', () => {
  test('follows the bundle version also where everything else is read again', async () => {
    const { clock, store, cache } = await openStore();
    const block = (id: number) =>
      store.write(() => {
        const sql =
          "INSERT INTO blacklist (id, guild_id, type, value, match, created_at, created_by) VALUES (?1, 'g1', 'user', ?2, ?2, 0, 'cli')";
        store.statement(sql).run(id, String(id));
        store.raiseBundleVersion('g1', 'blacklist', String(id));
      });
    const isBlocked = (id: number) =>
      store.read(() => {
        cache.refresh(store.statement, clock.now());
        return cache.bundle(store.statement, 'g1')?.blacklist.find('user', String(id), clock.now()) === id;
      });

    await block(1);
    expect(await isBlocked(1)).toBe(true);
    clock.advance(60_000);
    await block(2);
    expect([await isBlocked(1), await isBlocked(2)]).toEqual([true, true]);
    clock.advance(60_000);
    expect([await isBlocked(1), await isBlocked(2)]).toEqual([true, true]);
  });
});

describe('the change log', () => {
  test('keeps the newest 500 changes', async () => {
    const { store } = await openStore();
    await store.write(() => {
      for (let i = 0; i < 700; i += 1) store.raiseBundleVersion('g1', 'product', String(i));
    });

    const { rows, newest } = store.statement('SELECT count(*) AS rows, max(ref) AS newest FROM change_log').get() ?? {};
    expect([rows, newest]).toEqual([500, '699']);
  });
});
