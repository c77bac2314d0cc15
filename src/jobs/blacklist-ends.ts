import type { UpkeepService } from '../services/upkeep.ts';
import { countText, type Job } from './job.ts';
import { minuteMs } from '../domain/calendar.ts';

export function createBlacklistEndsJob(upkeep: Pick<UpkeepService, 'endBlacklistEntries'>): Job {
  return {
    name: 'blacklist-ends',
    schedule: '* * * * *',
    everyMs: minuteMs,
    run: async () => countText(await upkeep.endBlacklistEntries(), 'Blacklist entries that ended'),
  };
}
