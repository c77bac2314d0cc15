import { expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cron from 'node-cron';
import { createJobs, type JobsOptions } from '../../src/jobs/create-jobs.ts';
import { readStoreDisk, type StoreDisk } from '../../src/jobs/disk-space.ts';
import { buyerId, guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { deny } from '../support/grants.ts';

const commandLine = useCommandLine();
const signal = new AbortController().signal;
const dayMs = 86_400_000;
const folder = useTemporaryFolders();

const ofDisk = (disk: StoreDisk) => ({
  backupDir: '/srv/latchkey/data/backups',
  readDisk: () => Promise.resolve(disk),
});

async function createWorld(embedded: JobsOptions['embedded'] = null) {
  const line = await withShop(commandLine());
  const { services, storage, clock } = line;
  const jobs = createJobs({ services, storage, now: clock.now, embedded });
  const run = async (name: string) => jobs.find((job) => job.name === name)?.run(signal);
  return { line, storage, clock, jobs, run };
}

test('every job has a schedule that node-cron understands and whose interval is everyMs', async () => {
  const { jobs } = await createWorld(ofDisk({ freeBytes: 0, storeBytes: 0 }));
  expect(jobs.map(({ name }) => name)).toEqual([
    ...['expiry', 'blacklist-ends', 'retention', 'purge', 'role-reconciliation', 'backup', 'disk-space'],
  ]);
  for (const { schedule, everyMs } of jobs) {
    const task = cron.createTask(schedule, () => undefined, { timezone: 'Etc/UTC' });
    const [first, second] = task.getNextRuns(2);
    expect(second!.getTime() - first!.getTime()).toBe(everyMs);
  }
});

test('a disk that fills up is an alert once a day, and one that is nearly full once an hour', async () => {
  const disk = { freeBytes: 2e9, storeBytes: 1e9 };
  const { storage, clock, run } = await createWorld(ofDisk(disk));
  const alerts = async () => (await storage.alertsAfter(0, 10)).map(({ kind, subject }) => `${kind} ${subject}`);
  expect(await run('disk-space')).toBeNull();
  disk.storeBytes += 1;
  expect(await run('disk-space')).toMatch(/^Only 2\.0 GB are free on the disk of the store\./);
  clock.advance(dayMs - 1);
  await run('disk-space');
  expect(await alerts()).toEqual(['disk-space low']);
  disk.freeBytes = 100e6 - 1;
  for (let hours = 0; hours < 2; hours += 1) {
    for (let index = 0; index < 3; index += 1) expect(await run('disk-space')).toContain('Make room now');
    clock.advance(dayMs / 24);
  }
  expect(await alerts()).toEqual(['disk-space low', 'disk-space full', 'disk-space full']);
});

test('the disk is that of the file of the store', async () => {
  const file = join(folder(), 'latchkey.db');
  writeFileSync(file, 'x'.repeat(1_000));
  const { freeBytes, storeBytes } = await readStoreDisk(file);
  expect(storeBytes).toBe(1_000);
  expect(freeBytes).toBeGreaterThan(0);
});

test('without a backup folder nothing is backed up', async () => {
  const { jobs } = await createWorld();
  expect(jobs.map(({ name }) => name)).not.toContain('backup');
});

test('expiry notifies the owner and requests the roles once', async () => {
  const { line, storage, clock, run } = await createWorld();
  await line.json('license', 'issue', '--owner', buyerId, '--expires', '1d', '--silent');
  expect(await run('expiry')).toBeNull();
  clock.advance(dayMs);
  expect(await run('expiry')).toBe('Licenses expired: 1');
  expect(await run('expiry')).toBeNull();
  const messages = await storage.claimEffects('dm', 10, 1000);
  expect(messages.map(({ effect }) => effect)).toMatchObject([{ userId: buyerId, message: { type: 'expired' } }]);
});

test('an expiry by a clock that was ahead is undone by the next run', async () => {
  const { line, clock, run } = await createWorld();
  await line.json('license', 'issue', '--owner', buyerId, '--expires', '1d', '--silent');
  clock.advance(dayMs);
  expect(await run('expiry')).toBe('Licenses expired: 1');
  clock.advance(-dayMs);
  // Something of the right time is stored, so that the clock is believed again.
  await line.json('license', 'issue');
  expect(await run('expiry')).toBe('Licenses that have not expired after all: 1');
  expect(await run('expiry')).toBeNull();
});

test('a blacklist entry is removed when its term has ended', async () => {
  const { line, clock, run } = await createWorld();
  await line.json('blacklist', 'add', 'hwid', 'A', '--for', '1d');
  expect(await run('blacklist-ends')).toBeNull();
  clock.advance(dayMs);
  expect(await run('blacklist-ends')).toBe('Blacklist entries removed because their term ended: 1');
  expect(await line.json('blacklist', 'list')).toEqual({ entries: [] });
});

test('a license that was deleted 30 days ago is removed for good, and not before', async () => {
  const { line, storage, clock, run } = await createWorld();
  await line.json('license', 'issue');
  await line.json('license', 'delete', '1', '--yes');
  clock.advance(29 * dayMs);
  expect(await run('purge')).toBeNull();
  clock.advance(2 * dayMs);
  expect(await run('purge')).toMatch(/^Deleted licenses and products removed for good: /);
  expect(await storage.license(guildId, { id: 1 })).toBeNull();
});

test('attempts are removed after as many days as the guild keeps them', async () => {
  const { line, clock, run } = await createWorld();
  await line.json('settings', 'set', 'retention.attemptDays', '10');
  const { licenses } = await line.json<{ licenses: { key: string }[] }>('license', 'issue');
  const { apiKey } = await line.json<{ apiKey: { secret: string } }>('apikey', 'create', '--name', 'test');
  await deny(line.storage, { guildReference: { by: 'api-key', secret: apiKey.secret }, key: licenses[0]!.key });
  clock.advance(9 * dayMs);
  expect(await run('retention')).toBeNull();
  clock.advance(2 * dayMs);
  expect(await run('retention')).toBe('Old attempts, alerts and effects removed: 1');
  expect(await line.json('attempts')).toEqual({ attempts: [] });
});
