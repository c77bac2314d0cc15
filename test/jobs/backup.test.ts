import { expect, test } from '@jest/globals';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackupJob } from '../../src/jobs/backup.ts';
import { useTemporaryFolders } from '../support/temporary-folder.ts';
import { createTestClock } from '../support/test-clock.ts';

const folder = useTemporaryFolders();
const dayMs = 86_400_000;
const signal = new AbortController().signal;

function createBackups() {
  const dir = join(folder(), 'backups');
  const clock = createTestClock('2026-03-01T03:23:00.456Z');
  let content = 0;
  const backup = (file: string) => writeFile(file, String((content += 1)), { flag: 'wx' });
  return { dir, clock, job: createBackupJob({ backup, dir, now: clock.now }) };
}

test('each night adds a copy named after its instant, in a folder that only its owner can read', async () => {
  const { dir, job } = createBackups();
  expect(await job.run(signal)).toBe(`Backed up to ${join(dir, 'latchkey-2026-03-01T032300Z.sqlite')}`);
  expect(readdirSync(dir)).toEqual(['latchkey-2026-03-01T032300Z.sqlite']);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

test('the newest 7 are kept', async () => {
  const { dir, clock, job } = createBackups();
  for (let night = 1; night <= 9; night += 1) {
    await job.run(signal);
    clock.advance(dayMs);
  }
  const names = readdirSync(dir).sort();
  expect(names).toHaveLength(7);
  expect([names[0], names[6]]).toEqual(['latchkey-2026-03-03T032300Z.sqlite', 'latchkey-2026-03-09T032300Z.sqlite']);
  expect(readFileSync(join(dir, names[6]!), 'utf8')).toBe('9');
});

test('copies of a clock that was ahead take no place of newer ones', async () => {
  const { dir, clock, job } = createBackups();
  clock.advance(200 * dayMs);
  for (let night = 1; night <= 7; night += 1) {
    await job.run(signal);
    clock.advance(dayMs);
  }
  clock.advance(-207 * dayMs);
  for (let night = 1; night <= 7; night += 1) {
    await job.run(signal);
    clock.advance(dayMs);
  }
  const names = readdirSync(dir).sort();
  expect([names[0], names[6]]).toEqual(['latchkey-2026-03-01T032300Z.sqlite', 'latchkey-2026-03-07T032300Z.sqlite']);
  expect(names).toHaveLength(7);
});

test('files with other names stay, and interrupted copies of the job are removed', async () => {
  const { dir, clock, job } = createBackups();
  mkdirSync(dir);
  const foreign = [
    ...['latchkey-before-the-move.sqlite', 'latchkey-2020-01-01.sqlite', 'mine.partial'],
    ...['latchkey-2020-01-01T000000Z.sqlite.gz', 'a-latchkey-2020-01-01T000000Z.sqlite'],
  ];
  for (const name of foreign) writeFileSync(join(dir, name), 'precious');
  const cutOff = 'latchkey-2026-02-28T032300Z.sqlite.partial';
  writeFileSync(join(dir, cutOff), 'half');
  for (let night = 1; night <= 9; night += 1) {
    await job.run(signal);
    clock.advance(dayMs);
  }
  const names = readdirSync(dir);
  expect(names).toEqual(expect.arrayContaining(foreign));
  expect(names).not.toContain(cutOff);
  expect(names).toHaveLength(foreign.length + 7);
});

test('a backup that fails removes no older copy', async () => {
  const { dir, clock, job } = createBackups();
  for (let night = 1; night <= 7; night += 1) {
    await job.run(signal);
    clock.advance(dayMs);
  }
  const failing = createBackupJob({ backup: () => Promise.reject(new Error('disk full')), dir, now: clock.now });
  await expect(failing.run(signal)).rejects.toThrow('disk full');
  expect(readdirSync(dir)).toHaveLength(7);
  expect(existsSync(join(dir, 'latchkey-2026-03-01T032300Z.sqlite'))).toBe(true);
});
