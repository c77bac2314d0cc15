import { stat, statfs } from 'node:fs/promises';
import { type DiskSpace, diskSpaceOf } from '../domain/values/disk-space.ts';
import { minuteMs } from '../domain/values/calendar.ts';
import { describeDiskSpace } from '../services/alert-texts.ts';
import type { AlertService } from '../services/alerts.ts';
import type { Job } from './job.ts';

export interface StoreDisk {
  readonly freeBytes: number;
  readonly storeBytes: number;
}

/** For how long the same alert is not repeated. */
const quietHours: Readonly<Record<Exclude<DiskSpace, 'enough'>, number>> = { low: 24, full: 1 };

/** Alerts staff while the disk of the embedded store fills up: once it is full, checks cannot be answered. */
export function createDiskSpaceJob(
  alerts: Pick<AlertService, 'raiseEverywhere'>,
  readDisk: () => Promise<StoreDisk>,
): Job {
  return {
    name: 'disk-space',
    schedule: '*/10 * * * *',
    everyMs: 10 * minuteMs,
    run: async () => {
      const { freeBytes, storeBytes } = await readDisk();
      const space = diskSpaceOf(freeBytes, storeBytes);
      if (space === 'enough') return null;
      const text = describeDiskSpace(space, freeBytes);
      await alerts.raiseEverywhere({ kind: 'disk-space', subject: space, text, quietHours: quietHours[space] });
      return text;
    },
  };
}

/** Of the file system that holds this file of the store. */
export async function readStoreDisk(file: string): Promise<StoreDisk> {
  const [{ bavail, bsize }, { size }] = await Promise.all([statfs(file), stat(file)]);
  return { freeBytes: bavail * bsize, storeBytes: size };
}
