import { expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isServerRunning, openStorage, restoreStore } from '../../src/storage/open-storage.ts';
import { readMasterKey } from '../../src/storage/master-key.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { newGuild, noTrail } from '../support/storage-fixtures.ts';

const temporaryFolder = useTemporaryFolders();
const clock = () => new Date('2026-03-01T12:00:00.000Z');
const shared = { clock, random: randomBytes };

async function open(dir: string, server = false) {
  const { key } = readMasterKey(dir, null, randomBytes);
  return openStorage({ ...shared, mongodbUri: null, dir, masterKey: key, durability: 'process', server });
}

test('a backup moves to a new machine only together with its master key', async () => {
  const [old, fresh] = [temporaryFolder(), join(temporaryFolder(), 'data')];
  const backup = join(temporaryFolder(), 'backup.db');
  const storage = await open(old);
  await storage.addGuild(newGuild('g1'), noTrail);
  await storage.backup(backup);
  await storage.close();

  await expect(restoreStore(backup, { ...shared, dir: fresh, masterKey: null })).rejects.toThrow('Put the master key');
  expect(existsSync(fresh)).toBe(false);

  mkdirSync(fresh);
  copyFileSync(join(old, 'master.key'), join(fresh, 'master.key'));
  expect(await restoreStore(backup, { ...shared, dir: fresh, masterKey: null })).toEqual({ previous: null });
  const restored = await open(fresh);
  expect(await restored.guilds()).toMatchObject([{ id: 'g1' }]);
  await restored.close();
});

test('another process finds out whether a server runs, and leaves nothing behind', async () => {
  const dir = temporaryFolder();
  expect(await isServerRunning(dir)).toBe(false);
  expect(readdirSync(dir)).toEqual([]);

  const server = await open(dir, true);
  expect(await isServerRunning(dir)).toBe(true);
  await server.close();
  expect(await isServerRunning(dir)).toBe(false);
});
