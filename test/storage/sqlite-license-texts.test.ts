import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { useSqlite } from '../support/open-sqlite.ts';
import { addLicense, addLicenses, addPopulatedGuild, newLicense, noTrail } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const everything = { limit: 10_000, beforeId: null };
const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

/** Reads or changes the store in `dir` next to the process that has it open. */
function query(dir: string, sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(join(dir, 'latchkey.db'));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const indexed = (dir: string) => query(dir, 'SELECT rowid AS id FROM license_texts ORDER BY rowid').map(({ id }) => id);

test('a search goes from block to block of the text index, also past blocks without licenses of the guild', async () => {
  const dir = temporaryFolder();
  const storage = open(dir);
  const { product, license } = await addPopulatedGuild(storage, 'g1');
  const other = await addPopulatedGuild(storage, 'g2');
  const starts = [16_380, 40_000, 163_839];
  for (const start of starts) {
    query(dir, `UPDATE counters SET value = ${start} WHERE name = 'license' RETURNING 1`);
    for (let index = 0; index < 3; index += 1) {
      await addLicense(storage, 'g1', product.id, { key: `k-${start}-${index}`, name: 'Jane Doe' });
      await addLicense(storage, 'g2', other.product.id, { key: `k-${start}-${index}`, name: 'Jane Doe' });
    }
  }
  const mine = starts.flatMap((start) => [start + 1, start + 3, start + 5]).reverse();
  for (const text of ['jane', 'ja', 'e d']) {
    const found = await storage.licenses('g1', { text }, everything);
    expect(found.map(({ id }) => id)).toEqual(mine);
    const next = await storage.licenses('g1', { text }, { limit: 4, beforeId: mine[1]! });
    expect(next.map(({ id }) => id)).toEqual(mine.slice(2, 6));
  }
  expect(await storage.countLicensesBy('g1', { text: 'jane x' })).toBe(0);
  expect(license.id).toBeLessThan(16_380);
});

test('the text index has the licenses that have texts, and forgets those that are purged or of a removed guild', async () => {
  const dir = temporaryFolder();
  const storage = open(dir);
  const { product } = await addPopulatedGuild(storage, 'g1');
  const other = await addPopulatedGuild(storage, 'g2');
  const named = await addLicense(storage, 'g1', product.id, { key: 'a', name: 'Jane' });
  const noted = await addLicense(storage, 'g1', product.id, { key: 'b', note: 'paid' });
  const theirs = await addLicense(storage, 'g2', other.product.id, { key: 'a', order: 'X-1' });
  expect(indexed(dir)).toEqual([named.id, noted.id, theirs.id]);

  const deletedAt = new Date(0);
  await storage.changeLicense('g1', { id: named.id }, (current) => {
    return { next: { ...current, deletedAt }, trail: noTrail, result: {} };
  });
  expect(indexed(dir)).toEqual([named.id, noted.id, theirs.id]);
  await storage.purgeDeleted(new Date(1), 10);
  expect(indexed(dir)).toEqual([noted.id, theirs.id]);
  await storage.deleteGuild('g2');
  expect(indexed(dir)).toEqual([noted.id]);
});

test('the parts of the text index are merged while licenses are made and changed', async () => {
  const dir = temporaryFolder();
  const storage = open(dir);
  const { product, license } = await addPopulatedGuild(storage, 'g1');
  for (let batch = 0; batch < 12; batch += 1) {
    const keys = Array.from({ length: 120 }, (_, index) => `${batch}-${index}`);
    await addLicenses(
      storage,
      'g1',
      keys.map((key) => newLicense(product.id, { key, name: `Customer ${key}`, order: `ORD-${key}` })),
    );
  }
  for (let change = 0; change < 60; change += 1) {
    await storage.changeLicense('g1', { id: license.id }, (current) => {
      return { next: { ...current, name: `name ${change}` }, trail: noTrail, result: {} };
    });
  }
  // Each of the 72 commits added a part or two.
  const [parts] = query(dir, 'SELECT count(DISTINCT segid) AS count FROM license_texts_idx');
  expect(parts?.count).toBeLessThan(24);
  expect(await storage.countLicensesBy('g1', { text: 'name 59' })).toBe(1);
  expect(await storage.countLicensesBy('g1', { text: 'name 58' })).toBe(0);
});

test('checks write no index of searches and lists', async () => {
  const dir = temporaryFolder();
  const storage = open(dir);
  await addPopulatedGuild(storage, 'g1');
  const written = [
    'UPDATE licenses SET activated_at = 1, expires_at = 2 WHERE id = 1',
    'UPDATE licenses SET points_left = 1, points_refilled_at = 2 WHERE id = 1',
  ].flatMap((sql) => query(dir, `EXPLAIN ${sql}`).filter(({ opcode }) => opcode === 'OpenWrite'));
  const roots = written.map(({ p2 }) => Number(p2));
  const names = query(dir, `SELECT name FROM sqlite_master WHERE rootpage IN (${roots.join(', ')}) ORDER BY name`);
  expect(names.map(({ name }) => name)).toEqual(['licenses', 'licenses_expires', 'licenses_processed_ends']);
});
