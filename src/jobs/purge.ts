import type { UpkeepService } from '../services/upkeep.ts';
import { dayMs } from '../domain/values/calendar.ts';
import { describeCount, type Job } from './job.ts';

/** Removes licenses and products for good when they can no longer be restored. */
export function createPurgeJob(upkeep: Pick<UpkeepService, 'purge'>): Job {
  return {
    name: 'purge',
    schedule: '41 3 * * *',
    everyMs: dayMs,
    run: async () => describeCount(await upkeep.purge(), 'Deleted licenses and products removed for good'),
  };
}
