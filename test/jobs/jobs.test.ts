import { expect, test } from '@jest/globals';
import cron from 'node-cron';
import { createJobs } from '../../src/jobs/create-jobs.ts';
import { buyerId, guildId, useCommandLine, withShop } from '../support/command-line.ts';
import { deny } from '../support/grants.ts';

const commandLine = useCommandLine();
const signal = new AbortController().signal;
const dayMs = 86_400_000;

async function createWorld(backupDir: string | null = null) {
  const line = await withShop(commandLine());
  const { services, storage, clock } = line;
  const jobs = createJobs({ services, storage, now: clock.now, backupDir });
  const run = async (name: string) => jobs.find((job) => job.name === name)?.run(signal);
  return { line, storage, clock, jobs, run };
}

test('every job has a schedule that node-cron understands and whose interval is everyMs', async () => {
  const { jobs } = await createWorld('/srv/latchkey/data/backups');
  expect(jobs.map(({ name }) => name)).toEqual([
    ...['expiry', 'blacklist-ends', 'retention', 'purge', 'role-reconciliation', 'backup'],
  ]);
  for (const { schedule, everyMs } of jobs) {
    const task = cron.createTask(schedule, () => undefined, { timezone: 'Etc/UTC' });
    const [first, second] = task.getNextRuns(2);
    expect(second!.getTime() - first!.getTime()).toBe(everyMs);
  }
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
