import type { UpkeepService } from '../services/upkeep.ts';
import { countText, nightMs, type Job } from './job.ts';

export function createPurgeJob(upkeep: Pick<UpkeepService, 'purge'>): Job {
  return {
    name: 'purge',
    schedule: '41 3 * * *',
    everyMs: nightMs,
    run: async () => countText(await upkeep.purge(), 'Deleted things removed for good'),
  };
}
