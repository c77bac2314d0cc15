import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { restoreBackup } from '../../src/storage/sqlite/database/restore.ts';
import { grantRule } from '../support/check-rules.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { addPopulatedGuild, aRequest, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();
const now = new Date('2026-03-01T12:00:00.000Z');

/** A store with guild g1 that has been backed up, and then got guild g2. */
async function backedUp(server = false) {
  const dir = temporaryFolder();
  const backup = join(temporaryFolder(), "it's a backup.db");
  const storage = open(dir, { server });
  await addPopulatedGuild(storage);
  await storage.backup(backup);
  await storage.addGuild(newGuild('g2'), noTrail);
  return { dir, backup, storage };
}

describe('a backup', () => {
  test('is a whole store of its moment, made while the server runs, that only its owner may read', async () => {
    const { backup } = await backedUp(true);
    const dir = temporaryFolder();

    restoreBackup(dir, backup, testMasterKey, now);

    expect(await open(dir).guilds()).toMatchObject([{ id: 'g1' }]);
    expect(statSync(backup).mode & 0o777).toBe(0o600);
  });

  test('never overwrites a file', async () => {
    const { backup, storage } = await backedUp();
    const before = readFileSync(backup);

    await expect(storage.backup(backup)).rejects.toThrow('exists already');
    expect(readFileSync(backup).equals(before)).toBe(true);
  });

  test('that cannot be written leaves nothing behind', async () => {
    const { storage } = await backedUp();
    const folder = join(temporaryFolder(), 'missing');

    await expect(storage.backup(join(folder, 'backup.db'))).rejects.toThrow();
    expect(existsSync(folder)).toBe(false);
  });

  test('is checked, and one that is damaged leaves nothing behind', async () => {
    const { dir, storage } = await backedUp();
    const damage = new DatabaseSync(join(dir, 'latchkey.db'), { defensive: false });
    damage.exec('CREATE TABLE damaged (value); INSERT INTO damaged VALUES (NULL); PRAGMA writable_schema = ON');
    damage.exec("UPDATE sqlite_schema SET sql = 'CREATE TABLE damaged (value NOT NULL)' WHERE name = 'damaged'");
    damage.close();
    const folder = temporaryFolder();

    await expect(storage.backup(join(folder, 'backup.db'))).rejects.toThrow('NULL value in damaged.value');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('replaces a partial one that a crash left', async () => {
    const { storage } = await backedUp();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'backup.db.partial'), 'half');

    await storage.backup(join(folder, 'backup.db'));

    expect(readdirSync(folder)).toEqual(['backup.db']);
  });
});

/** Writes into the index of licenses by guild that it has no entries: https://www.sqlite.org/fileformat2.html#b_tree_pages */
function emptyIndex(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  const { rootpage } = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'licenses_guild'").get()!;
  const { page_size: pageSize } = database.prepare('PRAGMA page_size').get()!;
  database.close();
  const bytes = readFileSync(file);
  bytes.writeUInt16BE(0, (Number(rootpage) - 1) * Number(pageSize) + 3);
  writeFileSync(file, bytes);
}

describe('a restore', () => {
  test('replaces the store and keeps the one before under another name', async () => {
    const { dir, backup, storage } = await backedUp();
    await storage.close();

    const { previous } = restoreBackup(dir, backup, testMasterKey, now);

    const restored = open(dir);
    expect(await restored.guilds()).toMatchObject([{ id: 'g1' }]);
    expect(await restored.decide(aRequest(), grantRule)).toMatchObject({ result: 'granted' });
    const undone = temporaryFolder();
    restoreBackup(undone, previous ?? '', testMasterKey, now);
    expect(await open(undone).guilds()).toMatchObject([{ id: 'g1' }, { id: 'g2' }]);
  });

  test('makes a store where there is none', async () => {
    const { backup } = await backedUp();
    const dir = temporaryFolder();

    expect(restoreBackup(dir, backup, testMasterKey, now)).toEqual({ previous: null });
  });

  test('replaces a damaged store too', async () => {
    const { dir, backup, storage } = await backedUp();
    await storage.close();
    truncateSync(join(dir, 'latchkey.db'), 5_000);

    restoreBackup(dir, backup, testMasterKey, now);

    expect(await open(dir).guilds()).toMatchObject([{ id: 'g1' }]);
  });

  test('fails while a server runs', async () => {
    const { dir, backup, storage } = await backedUp(true);

    expect(() => restoreBackup(dir, backup, testMasterKey, now)).toThrow('Another Latchkey server runs');
    expect(await storage.guilds()).toHaveLength(2);
  });

  test.each<[string, (backup: string) => void, Buffer, string]>([
    [
      'damaged',
      (backup) => {
        truncateSync(backup, 8_192);
      },
      testMasterKey,
      'is damaged',
    ],
    [
      'empty',
      (backup) => {
        truncateSync(backup, 0);
      },
      testMasterKey,
      'is empty',
    ],
    ['damaged in a place that opening it does not read', emptyIndex, testMasterKey, 'is damaged'],
    ['of another master key', () => undefined, Buffer.alloc(32, 9), 'was made with another master key'],
  ])('fails where the backup is %s, and changes nothing', async (_, damage, masterKey, reason) => {
    const { dir, backup, storage } = await backedUp();
    await storage.close();
    damage(backup);

    expect(() => restoreBackup(dir, backup, masterKey, now)).toThrow(reason);
    expect(() => restoreBackup(dir, `${backup}.missing`, testMasterKey, now)).toThrow('does not exist');
    expect(await open(dir).guilds()).toHaveLength(2);
  });
});

describe("the server's write-ahead log", () => {
  test('is written back by another thread from the first group of 8 checks on', async () => {
    const dir = temporaryFolder();
    const storage = open(dir, { server: true });
    const file = join(dir, 'latchkey.db');
    await addPopulatedGuild(storage);
    const watcher = watch(file);

    await Promise.all(Array.from({ length: 8 }, () => storage.decide(aRequest(), grantRule)));
    // The database itself changes with a checkpoint only, and the log is far too short for one by the connections.
    await once(watcher, 'change');

    watcher.close();
    await storage.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  });
});
