import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../files/make-files.ts';
import { addDays, dayMs } from '../domain/values/calendar.ts';
import type { Job } from './job.ts';

export interface BackupOptions {
  /** Writes a consistent copy of the store to a file that must not exist yet. */
  readonly backup: (file: string) => Promise<void>;
  /** The folder for backups only; the job creates it where it is missing. */
  readonly dir: string;
  readonly now: () => Date;
}

const maxBackups = 7;
/*
 * The names that this job gives. It removes only files with such a name, so that copies of the operator in the same
 * folder stay. A copy that was interrupted is left behind as `.partial`.
 */
const backupFileName = /^latchkey-\d{4}-\d{2}-\d{2}T\d{6}Z\.sqlite$/;
const partialBackupFileName = /^latchkey-\d{4}-\d{2}-\d{2}T\d{6}Z\.sqlite\.partial$/;

/** Copies the embedded store every night and removes all but the newest 7 copies. */
export function createBackupJob({ backup, dir, now }: BackupOptions): Job {
  async function removeAll(names: readonly string[]): Promise<void> {
    for (const name of names) await rm(join(dir, name));
  }

  return {
    name: 'backup',
    schedule: '23 3 * * *',
    everyMs: dayMs,
    run: async () => {
      makeFolder(dir);
      await removeAll((await readdir(dir)).filter((name) => partialBackupFileName.test(name)));
      const name = createBackupName(now());
      await backup(join(dir, name));
      // Older copies are removed only now that the new one is complete. Their names sort by age. A copy that a clock that
      // was ahead has named counts as old, or it would take the place of newer ones until the clock gets there.
      const latest = createBackupName(addDays(now(), 1));
      const backups = (await readdir(dir)).filter((other) => backupFileName.test(other)).sort();
      const byAge = [...backups.filter((other) => other > latest), ...backups.filter((other) => other <= latest)];
      await removeAll(byAge.slice(0, -maxBackups));
      return `Backed up to ${join(dir, name)}`;
    },
  };
}

function createBackupName(at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, 19).split('T');
  return `latchkey-${day}T${time.replaceAll(':', '')}Z.sqlite`;
}
