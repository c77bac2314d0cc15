import type { UpkeepService } from '../services/upkeep.ts';
import { countText, type Job } from './job.ts';
import { dayMs } from '../domain/calendar.ts';

export function createPurgeJob(upkeep: Pick<UpkeepService, 'purge'>): Job {
  return {
    name: 'purge',
    schedule: '41 3 * * *',
    everyMs: dayMs,
    run: async () => countText(await upkeep.purge(), 'Deleted things removed for good'),
  };
}
