import { expect, test } from '@jest/globals';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServices } from '../../src/services/services.ts';
import { randomBytes } from 'node:crypto';
import { restoreBackup } from '../../src/storage/sqlite/database/restore.ts';
import { configOf, guildId, useCommandLine } from '../support/command-line.ts';
import { testMasterKey, useSqlite } from '../support/open-sqlite.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';

const commandLine = useCommandLine();
const openSqlite = useSqlite();
const folder = useTemporaryFolders();

function onDisk() {
  const dir = folder();
  return commandLine({
    open: () => {
      const storage = openSqlite(dir);
      const services = createServices({ storage, clock: () => new Date(), randomBytes, publicUrl: () => '' });
      return Promise.resolve({ services, storage, close: () => Promise.resolve() });
    },
    restore: (file) => Promise.resolve().then(() => restoreBackup(dir, file, testMasterKey, new Date())),
  });
}

test('a restored store has the state at the time of the backup', async () => {
  const line = onDisk();
  const file = join(folder(), 'copy.sqlite');
  await line.json('guild', 'add', guildId, '--name', 'Shop');
  const { backup } = await line.json<{ backup: { file: string; bytes: number } }>('backup', file);
  expect(backup).toEqual({ file, bytes: expect.any(Number) });
  await line.json('guild', 'add', '100000000000000002', '--name', 'Later');
  const { restored } = await line.json<{ restored: { file: string; previous: string } }>('restore', file);
  expect(restored.file).toBe(file);
  expect(existsSync(restored.previous)).toBe(true);
  expect(await line.json<{ guilds: unknown[] }>('guild', 'list')).toMatchObject({ guilds: [{ id: guildId }] });
});

test('a backup never overwrites a file', async () => {
  const file = join(folder(), 'precious.txt');
  writeFileSync(file, 'precious');
  expect(await onDisk().failure('backup', file)).toEqual([1, 'file-exists']);
});

test('a store in MongoDB is backed up with its own tools', async () => {
  const line = commandLine({ config: configOf({ MONGODB_URI: 'mongodb://shop:precious@db/latchkey' }) });
  const file = join(folder(), 'copy.sqlite');
  const backup = await line.run('backup', file);
  expect(backup).toMatchObject({ exitCode: 1, out: '' });
  expect(backup.err).toContain('The store is in MongoDB: use mongodump. docs/operations.md explains how.');
  expect(backup.err).not.toContain('precious');
  expect(await line.failure('backup', file)).toEqual([1, 'not-embedded']);
  expect(await line.failure('restore', file)).toEqual([1, 'not-embedded']);
  expect(existsSync(file)).toBe(false);
});

test('a file that is not a backup is rejected', async () => {
  const file = join(folder(), 'no.sqlite');
  expect(await onDisk().failure('restore', file)).toEqual([1, 'file-not-found']);
  writeFileSync(file, 'no database');
  expect(await onDisk().failure('restore', file)).toEqual([1, 'restore-refused']);
});
