import { afterEach, describe, expect, test } from '@jest/globals';
import { chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFile, makeFolder } from '../../src/files/make-files.ts';
import { createBackupJob } from '../../src/jobs/backup.ts';
import { readMasterKey } from '../../src/storage/master-key.ts';
import { restoreStore } from '../../src/storage/open-storage.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const temporaryFolder = useTemporaryFolders();
const open = useSqlite();
const now = () => new Date('2026-03-01T12:00:00.000Z');

const umask = process.umask(0o022);
process.umask(umask);
afterEach(() => {
  process.umask(umask);
});

/** Every file and folder in a folder, with mode and owner. */
const entries = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { mode, uid, gid } = statSync(join(dir, name));
    return { name, mode: (mode & 0o777).toString(8), owner: `${uid}:${gid}` };
  });

/** Everything that the embedded store ever makes in its folder: store, lock, master key, backups, the replaced store. */
async function fillFolder(dir: string): Promise<void> {
  makeFolder(dir);
  readMasterKey(dir, null, () => testMasterKey);
  const storage = open(dir, { server: true });
  await addPopulatedGuild(storage);
  await createBackupJob({ backup: (file) => storage.backup(file), dir: join(dir, 'backups'), now }).run(
    new AbortController().signal,
  );
  // The log and its index are there only while the store is open.
  expect(readdirSync(dir)).toEqual(expect.arrayContaining(['latchkey.db-wal', 'latchkey.db-shm']));
  const whileOpen = entries(dir);
  await storage.close();
  const backup = join(dir, 'backups', 'latchkey-2026-03-01T120000Z.sqlite');
  await restoreStore(backup, { dir, masterKey: null, clock: now, random: () => testMasterKey });
  expect(readdirSync(dir)).toContain('latchkey.db.before-restore-2026-03-01T12-00-00.000Z');
  seen.push(...whileOpen, ...entries(dir));
}

let seen: ReturnType<typeof entries> = [];
afterEach(() => {
  seen = [];
});

test.each([0o000, 0o022, 0o777])('what the store makes is for its owner only, under the umask %o', async (mask) => {
  const dir = join(temporaryFolder(), 'a', 'data');
  process.umask(mask);
  await fillFolder(dir);
  process.umask(umask);
  for (const { name, mode } of seen) {
    expect({ name, mode }).toEqual({ name, mode: name === 'backups' ? '700' : '600' });
  }
  for (const folder of [dir, join(dir, '..')]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

const isRoot = process.getuid?.() === 0;
const testAsRoot = isRoot ? test : test.skip;

describe(isRoot ? 'made by root' : 'made by root (skipped: run the tests as root)', () => {
  testAsRoot('everything belongs to the owner of the folder above, so that the service can use it', async () => {
    const parent = temporaryFolder();
    chownSync(parent, 12_345, 23_456);
    const dir = join(parent, 'a', 'data');
    await fillFolder(dir);
    expect(new Set([...seen, ...entries(parent)].map(({ owner }) => owner))).toEqual(new Set(['12345:23456']));
  });

  testAsRoot('a file in a folder of root stays with root', () => {
    const dir = temporaryFolder();
    makeFile(join(dir, 'file'));
    expect(entries(dir)).toEqual([{ name: 'file', mode: '600', owner: '0:0' }]);
  });
});

test('a file in a folder that does not exist is an error that names the folder', () => {
  const folder = join(temporaryFolder(), 'missing');
  expect(() => {
    makeFile(join(folder, 'file'));
  }).toThrow(`There is no folder ${folder}.`);
});
