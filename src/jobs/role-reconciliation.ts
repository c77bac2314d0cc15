import type { GuildService } from '../services/guilds/guild-service.ts';
import type { ReconcileRoles } from '../services/reconcile-roles.ts';
import { dayMs } from '../domain/values/calendar.ts';
import type { Job } from './job.ts';

export interface RoleReconciliationOptions {
  readonly guilds: Pick<GuildService, 'list'>;
  readonly reconcileRoles: ReconcileRoles;
}

/**
 * Queues a correction of every member's roles once a night. A guild in which that would remove too many roles is skipped
 * and its staff are alerted, because the cause may be a mistaken setting.
 */
export function createRoleReconciliationJob({ guilds, reconcileRoles }: RoleReconciliationOptions): Job {
  return {
    name: 'role-reconciliation',
    schedule: '11 4 * * *',
    everyMs: dayMs,
    run: async (signal) => {
      const counts = { queued: 0, stopped: 0, busy: 0, planned: 0 };
      for (const { id: guildId } of await guilds.list()) {
        if (signal.aborted) break;
        const { outcome, members } = await reconcileRoles({ guildId, mode: 'careful' });
        if (members > 0) counts[outcome] += 1;
      }
      if (counts.queued + counts.stopped + counts.busy === 0) return null;
      const { queued, stopped, busy } = counts;
      return `Role corrections: queued for ${queued} guilds, stopped for ${stopped}, last run unfinished for ${busy}`;
    },
  };
}
