import type { UpkeepService } from '../services/upkeep.ts';
import { minuteMs } from '../domain/values/calendar.ts';
import { describeCount, type Job } from './job.ts';

/** Removes blacklist entries whose term has ended. */
export function createBlacklistEndsJob(upkeep: Pick<UpkeepService, 'endBlacklistEntries'>): Job {
  return {
    name: 'blacklist-ends',
    schedule: '* * * * *',
    everyMs: minuteMs,
    run: async () =>
      describeCount(await upkeep.endBlacklistEntries(), 'Blacklist entries removed because their term ended'),
  };
}
