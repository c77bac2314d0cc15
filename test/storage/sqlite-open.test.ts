import { describe, expect, test } from '@jest/globals';
import { hash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate } from '../../src/storage/sqlite/database/migrate.ts';
import { migrations } from '../../src/storage/sqlite/database/migrations.ts';
import { takeServerLock } from '../../src/storage/sqlite/database/server-lock.ts';
import { createVault } from '../../src/storage/vault.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { runStorageProcess, startStorageProcess } from '../support/storage-process-runner.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const vault = createVault(testMasterKey);
const temporaryFolder = useTemporaryFolders();
const open = useSqlite();

/** Every file of a folder with a hash of its bytes. */
const contents = (dir: string) =>
  Object.fromEntries(readdirSync(dir).map((name) => [name, hash('sha256', readFileSync(join(dir, name)))]));

async function closedStore(): Promise<{ readonly dir: string; readonly file: string }> {
  const dir = temporaryFolder();
  const storage = open(dir);
  await addPopulatedGuild(storage);
  await storage.close();
  return { dir, file: join(dir, 'latchkey.db') };
}

test.each([0o000, 0o022, 0o777])('its files can be read by their owner only, with the umask %i', async (umask) => {
  const dir = temporaryFolder();
  const before = process.umask(umask);
  try {
    const storage = open(dir, { server: true });
    await addPopulatedGuild(storage);
    await storage.backup(join(dir, 'backup.db'));
    const modes = readdirSync(dir).map((name) => [name, statSync(join(dir, name)).mode & 0o777]);
    const names = [
      'backup.db',
      'latchkey.db',
      'latchkey.db-shm',
      'latchkey.db-wal',
      'server.lock',
      'server.lock-journal',
    ];
    expect(modes).toEqual(names.map((name) => [name, 0o600]));
  } finally {
    process.umask(before);
  }
});

describe('opening the embedded store', () => {
  test('makes a folder that other users of the machine cannot enter', async () => {
    const dir = join(temporaryFolder(), 'data');
    await open(dir).close();

    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('finds what was in it', async () => {
    const { dir } = await closedStore();

    expect(await open(dir).guilds()).toMatchObject([{ id: 'g1' }]);
  });

  test.each<[string, (file: string) => void, string]>([
    [
      'cut in half',
      (file) => {
        truncateSync(file, 20_480);
      },
      'is damaged',
    ],
    [
      'emptied',
      (file) => {
        truncateSync(file, 0);
      },
      'is empty: restore a backup',
    ],
    [
      'overwritten',
      (file) => {
        writeFileSync(file, 'no database '.repeat(1_000));
      },
      'is damaged',
    ],
    [
      'from a newer version',
      (file) => {
        const database = new DatabaseSync(file);
        database.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 9999; PRAGMA journal_mode = WAL');
        database.close();
      },
      'was written by a newer version of Latchkey',
    ],
  ])('rejects a file that was %s, and changes nothing', async (_, damage, reason) => {
    const { dir, file } = await closedStore();
    damage(file);
    const before = contents(dir);

    for (const server of [true, false]) expect(() => open(dir, { server })).toThrow(reason);
    expect(contents(dir)).toEqual(before);
  });

  test('rejects another master key, and changes nothing', async () => {
    const { dir } = await closedStore();
    const before = contents(dir);

    expect(() => open(dir, { masterKey: Buffer.alloc(32, 8) })).toThrow('was made with another master key');
    expect(contents(dir)).toEqual(before);
  });

  test('rejects a WAL file whose database is gone', () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'latchkey.db-wal'), 'log');

    expect(() => open(dir)).toThrow('is missing but its -wal file is there');
    expect(readdirSync(dir)).toEqual(['latchkey.db-wal']);
  });

  test('makes missing folders', async () => {
    const dir = join(temporaryFolder(), 'a', 'b');

    expect(await open(dir).guilds()).toEqual([]);
  });
});

describe('the server of a store', () => {
  test('is one: a second cannot start, in this process and in another, until the first stops', async () => {
    const dir = temporaryFolder();
    const server = open(dir, { server: true });
    const connection = { dir, masterKey: Buffer.alloc(32, 7).toString('base64') };
    const refused = `Another Latchkey server runs on ${dir}: stop it first.`;

    expect(() => open(dir, { server: true })).toThrow(refused);
    expect(await runStorageProcess(connection, 'take-server-lock', '')).toBe(refused);
    await server.close();
    expect(await runStorageProcess(connection, 'take-server-lock', '')).toBe('taken');
    await open(dir, { server: true }).close();
  });

  test('does not keep the command line from opening the store', async () => {
    const dir = temporaryFolder();
    const server = open(dir, { server: true });
    await addPopulatedGuild(open(dir));

    expect(await server.guilds()).toHaveLength(1);
  });

  test('that was killed leaves no lock behind', async () => {
    const dir = temporaryFolder();
    const connection = { dir, masterKey: Buffer.alloc(32, 7).toString('base64') };
    const child = startStorageProcess(connection, 'hold-server-lock', '');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(() => takeServerLock(dir)).toThrow('Another Latchkey server runs');

    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await gone;

    takeServerLock(dir).release();
  });
});

describe('a migration', () => {
  const steps = [...migrations, 'CREATE TABLE addition (id INTEGER PRIMARY KEY) STRICT'];
  const versionOf = (database: DatabaseSync) => database.prepare('PRAGMA user_version').get()?.user_version;

  test('backs up what is there, then does the steps that are missing and no others', () => {
    const database = new DatabaseSync(':memory:');
    const backedUp: number[] = [];
    const backUp = (version: number) => void backedUp.push(version);

    migrate(database, vault, backUp);
    migrate(database, vault, backUp, steps);
    migrate(database, vault, backUp, steps);

    expect(versionOf(database)).toBe(steps.length);
    expect(backedUp).toEqual([migrations.length]);
    database.close();
  });

  test('that fails leaves the store as it was', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, vault, () => undefined);

    expect(() => {
      migrate(database, vault, () => undefined, [...steps, 'CREATE TABLE addition (id INTEGER) STRICT']);
    }).toThrow('already exists');

    expect(versionOf(database)).toBe(migrations.length);
    expect(database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'addition'").get()).toBeUndefined();
    database.close();
  });

  test('is not begun by the command line while a server runs', () => {
    const dir = temporaryFolder();
    const lock = takeServerLock(dir);

    expect(() => open(dir)).toThrow('Another Latchkey server runs');
    lock.release();
  });
});
