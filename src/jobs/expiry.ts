import type { UpkeepService } from '../services/upkeep.ts';
import { minuteMs } from '../domain/values/calendar.ts';
import { describeCount, type Job } from './job.ts';

/**
 * Notifies the owners of licenses that have expired, and requests the removal of their roles. Both is undone where the
 * clock was ahead.
 */
export function createExpiryJob(upkeep: Pick<UpkeepService, 'expire' | 'withdrawExpiries'>): Job {
  return {
    name: 'expiry',
    schedule: '* * * * *',
    everyMs: minuteMs,
    run: async () => {
      const withdrawn = describeCount(await upkeep.withdrawExpiries(), 'Licenses that have not expired after all');
      const expired = describeCount(await upkeep.expire(), 'Licenses expired');
      return [withdrawn, expired].filter((summary) => summary !== null).join('. ') || null;
    },
  };
}
