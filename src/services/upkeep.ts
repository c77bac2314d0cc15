import { system } from '../domain/actor.ts';
import { addDays } from '../domain/values/calendar.ts';
import type { License } from '../domain/license.ts';
import type { Trail } from '../storage/port/trail.ts';
import type { ClockService } from './clock.ts';
import type { ServiceContext } from './context.ts';
import { restorableMs } from './licenses/delete-license.ts';
import { auditEvent, correctRolesOf, notifyOwner } from './trail.ts';

/**
 * What the jobs do. Each works in small steps until nothing is left, and returns how many items it handled. None of this
 * can be undone, so each returns 0 and waits while the clock cannot be believed.
 */
export interface UpkeepService {
  /** Handles licenses that have expired: an audit event, a message to the owner, and a correction of their roles. */
  expire(): Promise<number>;
  /**
   * Undoes that for licenses whose end is still to come, because the clock was ahead when they were handled: the owner is
   * notified and gets the roles back.
   */
  withdrawExpiries(): Promise<number>;
  /**
   * Deletes attempts and alerts that are older than each guild's `retention.attemptDays` and `retention.alertDays`,
   * statistics that charts no longer show, and finished effects older than 30 days.
   */
  retain(): Promise<number>;
  /** Removes blacklist entries that have expired. */
  endBlacklistEntries(): Promise<number>;
  /** Removes licenses and products for ever that were deleted 30 days ago. */
  purge(): Promise<number>;
}

/** How many rows a step handles: few enough that it holds the store's write lock only briefly. */
const stepSize = 200;
/** The store deletes these in short commits of its own, and what surrounds them is done once a call. */
const attemptsPerCall = 2_000;
const effectDays = 30;
/** Charts show a week by the hour, and a year by the day. */
const hourStatisticDays = 32;
const dayStatisticDays = 400;

export function createUpkeepService(
  { storage, clock }: ServiceContext,
  time: Pick<ClockService, 'doubt'>,
): UpkeepService {
  const unlessDoubted = (work: () => Promise<number>) => async () => ((await time.doubt()) === null ? work() : 0);

  /** 0 days: for ever. */
  async function retainFor(days: number, remove: (before: Date, limit: number) => Promise<number>): Promise<number> {
    const before = addDays(clock(), -days);
    return days === 0 ? 0 : inSteps((limit) => remove(before, limit));
  }

  return {
    expire: unlessDoubted(() => inSteps((limit) => storage.expireLicenses(clock(), limit, expiryTrail))),

    withdrawExpiries: unlessDoubted(() =>
      inSteps((limit) => storage.withdrawExpiries(clock(), limit, withdrawalTrail)),
    ),

    retain: unlessDoubted(async () => {
      let removed = 0;
      for (const { id } of await storage.guilds()) {
        const settings = (await storage.bundle(id))?.settings;
        if (!settings) continue;
        const { 'retention.attemptDays': attemptDays, 'retention.alertDays': alertDays } = settings;
        await storage.rollUpAttempts(id);
        removed += await retainFor(attemptDays, (before) => storage.deleteAttemptsBefore(id, before, attemptsPerCall));
        await retainFor(hourStatisticDays, (before, limit) =>
          storage.deleteStatisticsBefore(id, 'hour', before, limit),
        );
        // Attempts are found by the statistics of their days.
        const dayDays = attemptDays === 0 ? 0 : Math.max(dayStatisticDays, attemptDays);
        await retainFor(dayDays, (before, limit) => storage.deleteStatisticsBefore(id, 'day', before, limit));
        removed += await retainFor(alertDays, (before, limit) => storage.deleteAlertsBefore(id, before, limit));
      }
      const before = addDays(clock(), -effectDays);
      return removed + (await inSteps((limit) => storage.deleteEffectsBefore(before, limit)));
    }),

    endBlacklistEntries: unlessDoubted(() => inSteps((limit) => storage.endBlacklistEntries(clock(), limit))),

    purge: unlessDoubted(() => {
      const before = new Date(clock().getTime() - restorableMs);
      return inSteps((limit) => storage.purgeDeleted(before, limit));
    }),
  };
}

/** Repeats a step until it has nothing left to do. Checks run between the steps. */
async function inSteps(step: (limit: number) => Promise<number>): Promise<number> {
  let done = 0;
  for (;;) {
    const count = await step(stepSize);
    done += count;
    if (count === 0) return done;
  }
}

/** The owner was notified of the end, so they are notified that it is still to come. */
function withdrawalTrail(license: License): Trail {
  const by = { guildId: license.guildId, actor: system, reason: 'The clock of the server was ahead.' };
  return {
    audit: [auditEvent(by, 'license.expiry-undone', `license:${license.id}`)],
    effects: [...notifyOwner(license, 'extended', by), ...correctRolesOf(license)],
  };
}

function expiryTrail(license: License): Trail {
  return {
    audit: [auditEvent({ actor: system }, 'license.expired', `license:${license.id}`)],
    effects: [
      ...notifyOwner(license, 'expired', { guildId: license.guildId, actor: system }),
      ...correctRolesOf(license),
    ],
  };
}
