import { describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { createBundleCache } from '../../src/storage/sqlite/bundles/bundle-cache.ts';
import { windowSize } from '../../src/storage/sqlite/bundles/guild-blacklist.ts';
import { createSqliteStore } from '../../src/storage/sqlite/connection.ts';
import { openMemory } from '../../src/storage/sqlite/database/files.ts';
import { createGuilds } from '../../src/storage/sqlite/bundles/guilds.ts';
import { createVault } from '../../src/storage/vault.ts';
import { testMasterKey } from '../support/open-sqlite.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';

const entryCount = windowSize * 2 + 500;

/** A store whose two guilds have the same HWIDs on their blacklists, which take three windows to load. */
async function openStore() {
  const { now } = createTestClock();
  const vault = createVault(testMasterKey);
  const { writeConnection } = openMemory(vault);
  const cache = createBundleCache(vault);
  const options = { random: randomBytes, cache, changeTimeoutMs: 100, pauseAfterWriteMs: 0 };
  const store = createSqliteStore({ writeConnection, vault, now, ...options });
  for (const id of ['g1', 'g2']) await createGuilds(store).addGuild(newGuild(id), noTrail);

  const change = (guildId: string, hwids: readonly string[], act: (hwid: string) => unknown) =>
    store.write(() => {
      for (const hwid of hwids) {
        const { id } = act(hwid) as { readonly id: number };
        store.raiseBundleVersion(guildId, 'blacklist', String(id));
      }
    });
  const insert = `INSERT INTO blacklist (guild_id, type, value, match, created_at, created_by)
    VALUES (?1, 'hwid', ?2, ?2, 0, 'cli') RETURNING id`;
  const remove = "DELETE FROM blacklist WHERE guild_id = ? AND type = 'hwid' AND match = ? RETURNING id";
  const add = (guildId: string, ...hwids: string[]) =>
    change(guildId, hwids, (hwid) => store.statement(insert).get(guildId, hwid));
  const drop = (guildId: string, ...hwids: string[]) =>
    change(guildId, hwids, (hwid) => store.statement(remove).get(guildId, hwid));

  /** Which of the HWIDs a check would be denied for. */
  const blocked = (guildId: string, hwids: readonly string[]) =>
    store.read(() => {
      cache.refresh(store.statement, now());
      const blacklist = cache.bundle(store.statement, guildId)!.blacklist;
      return hwids.filter((hwid) => blacklist.find('hwid', hwid, now()) !== null);
    });
  return { store, add, drop, blocked };
}

const hwidsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => `pc-${first + index}`);

/** Some from each window, and some that no one has listed. */
const sampleOf = (hwids: readonly string[]) => [...hwids.filter((_, index) => index % 97 === 0), 'other'];

describe('a blacklist of several windows', () => {
  test('is complete for the first check and for those while it is loaded, in each of two guilds', async () => {
    const { store, add, blocked } = await openStore();
    const hwids = hwidsFrom(0, entryCount);
    await add('g1', ...hwids);
    await add('g2', 'other');
    const listed = sampleOf(hwids).filter((hwid) => hwid !== 'other');

    for (let turns = 0; turns < 6; turns += 1) {
      expect(await blocked('g1', sampleOf(hwids))).toEqual(listed);
      expect(await blocked('g2', sampleOf(hwids))).toEqual(['other']);
      await turn();
    }
    // It is in memory by now: what no bundle version names is not seen.
    store.statement('DELETE FROM blacklist').run();
    expect(await blocked('g1', sampleOf(hwids))).toEqual(listed);
  });

  test('knows thousands of entries that were added and removed between two checks, more than the log holds', async () => {
    const { add, drop, blocked } = await openStore();
    const first = hwidsFrom(0, entryCount);
    await add('g1', ...first);
    for (let turns = 0; turns < 6; turns += 1) {
      await blocked('g1', ['other']);
      await turn();
    }

    await drop('g1', ...first.slice(0, 700));
    const second = hwidsFrom(entryCount, entryCount);
    await add('g1', ...second);

    const expected = [...first.slice(700), ...second];
    for (let turns = 0; turns < 8; turns += 1) {
      expect(await blocked('g1', [...first, ...second])).toEqual(expected);
      await turn();
    }
  });

  test('is right whatever changes at whichever moment of the loading', async () => {
    const steps = fc.array(
      fc.record({ act: fc.constantFrom('add', 'drop', 'again', 'turn'), at: fc.nat({ max: entryCount - 1 }) }),
      { maxLength: 12 },
    );
    const property = fc.asyncProperty(steps, async (done) => {
      const { store, add, drop, blocked } = await openStore();
      const hwids = hwidsFrom(0, entryCount);
      await add('g1', ...hwids);
      const listed = new Set(hwids);
      const asked = new Set(['pc-0', `pc-${entryCount - 1}`]);
      const check = async () => {
        const expected = [...asked].filter((hwid) => listed.has(hwid));
        expect(await blocked('g1', [...asked])).toEqual(expected);
      };
      await check();
      for (const { act, at } of done) {
        const hwid = act === 'add' ? `new-${at}` : `pc-${at}`;
        if (act === 'turn') await turn();
        if (listed.has(hwid) && act !== 'turn') {
          await drop('g1', hwid);
          listed.delete(hwid);
        }
        if (act === 'add' || act === 'again') {
          await add('g1', hwid);
          listed.add(hwid);
        }
        asked.add(hwid);
        if (at % 2 === 0) await check();
      }
      for (let turns = 0; turns < 4; turns += 1) await turn();
      await check();
      store.writeConnection.close();
    });
    await fc.assert(property, { numRuns: 8 });
  });
});
