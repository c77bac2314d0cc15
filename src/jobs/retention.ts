import type { UpkeepService } from '../services/upkeep.ts';
import { countText, hourMs, type Job } from './job.ts';

export function createRetentionJob(upkeep: Pick<UpkeepService, 'retain'>): Job {
  return {
    name: 'retention',
    schedule: '7 * * * *',
    everyMs: hourMs,
    run: async () => countText(await upkeep.retain(), 'Old attempts and effects removed'),
  };
}
