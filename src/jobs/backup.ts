import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './job.ts';
import { dayMs } from '../domain/calendar.ts';

export interface BackupOptions {
  /** A consistent copy in a file that must not exist. */
  readonly backup: (file: string) => Promise<void>;
  /** Of nothing but backups; made where it is missing. */
  readonly dir: string;
  readonly now: () => Date;
}

const kept = 7;
/** What this job names; nothing else in the folder is its own to remove. `.partial`: one that was cut off. */
const ownName = /^latchkey-\d{4}-\d{2}-\d{2}T\d{6}Z\.sqlite$/;
const ownPartialName = /^latchkey-\d{4}-\d{2}-\d{2}T\d{6}Z\.sqlite\.partial$/;

/** Copies the embedded store every night and keeps the newest 7 copies. */
export function createBackupJob({ backup, dir, now }: BackupOptions): Job {
  async function removeAll(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(dir, name));
  }

  return {
    name: 'backup',
    schedule: '23 3 * * *',
    everyMs: dayMs,
    run: async () => {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await removeAll((await readdir(dir)).filter((name) => ownPartialName.test(name)));
      const name = backupName(now());
      await backup(join(dir, name));
      // Only after a new one is whole; names sort by age.
      const own = (await readdir(dir)).filter((other) => ownName.test(other)).sort();
      await removeAll(own.slice(0, -kept));
      return `Backed up to ${join(dir, name)}`;
    },
  };
}

function backupName(at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  return `latchkey-${day}T${time.replaceAll(':', '')}Z.sqlite`;
}
