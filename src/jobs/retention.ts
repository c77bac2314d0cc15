import type { UpkeepService } from '../services/upkeep.ts';
import { countText, type Job } from './job.ts';
import { hourMs } from '../domain/calendar.ts';

export function createRetentionJob(upkeep: Pick<UpkeepService, 'retain'>): Job {
  return {
    name: 'retention',
    schedule: '7 * * * *',
    everyMs: hourMs,
    run: async () => countText(await upkeep.retain(), 'Old attempts and effects removed'),
  };
}
