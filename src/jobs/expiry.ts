import type { UpkeepService } from '../services/upkeep.ts';
import { countText, type Job } from './job.ts';
import { minuteMs } from '../domain/calendar.ts';

export function createExpiryJob(upkeep: Pick<UpkeepService, 'expire'>): Job {
  return {
    name: 'expiry',
    schedule: '* * * * *',
    everyMs: minuteMs,
    run: async () => countText(await upkeep.expire(), 'Licenses that expired'),
  };
}
