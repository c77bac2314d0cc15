import type { UpkeepService } from '../services/upkeep.ts';
import { minuteMs } from '../domain/values/calendar.ts';
import { describeCount, type Job } from './job.ts';

/** Notifies the owners of licenses that have expired, and requests the removal of their roles. */
export function createExpiryJob(upkeep: Pick<UpkeepService, 'expire'>): Job {
  return {
    name: 'expiry',
    schedule: '* * * * *',
    everyMs: minuteMs,
    run: async () => describeCount(await upkeep.expire(), 'Licenses expired'),
  };
}
