import type { UpkeepService } from '../services/upkeep.ts';
import { hourMs } from '../domain/values/calendar.ts';
import { describeCount, type Job } from './job.ts';

/** Removes attempts and alerts that are older than their guild keeps them, and effects that are older than 30 days. */
export function createRetentionJob(upkeep: Pick<UpkeepService, 'retain'>): Job {
  return {
    name: 'retention',
    schedule: '7 * * * *',
    everyMs: hourMs,
    run: async () => describeCount(await upkeep.retain(), 'Old attempts, alerts and effects removed'),
  };
}
