import type { Attempt } from '../domain/attempt.ts';
import { quickstartGuildId } from '../domain/guild.ts';
import type { NewAlert } from '../storage/port/alerts.ts';
import { createAttemptWatch } from './attempt-watch.ts';
import type { ServiceContext } from './context.ts';

export interface AlertService {
  /** False where the same kind and subject was raised within its quiet hours. */
  raise(guildId: string, alert: NewAlert): Promise<boolean>;
  /**
   * For what no guild can be named for (a guard block, an undeclared proxy): told to all guilds while there are at
   * most 3, since they are one operator's then; else to none. How many were told.
   */
  raiseEverywhere(alert: NewAlert): Promise<number>;
  /** Looks for patterns in attempts as the log shipper comes by them, and raises what it finds. */
  watch(attempts: readonly Attempt[]): Promise<void>;
}

/** So few guilds are one operator's own. */
const fewGuilds = 3;

export function createAlertService({ storage }: ServiceContext): AlertService {
  const watch = createAttemptWatch();

  async function isSharedByOwners(guildId: string, hwid: string): Promise<boolean> {
    const licenses = await storage.licenses(
      guildId,
      { binding: { kind: 'hwid', value: hwid } },
      { limit: 100, beforeId: null },
    );
    return new Set(licenses.map(({ ownerId }) => ownerId).filter((id) => id !== null)).size >= 3;
  }

  return {
    raise: (guildId, alert) => storage.raiseAlert(guildId, alert),

    async raiseEverywhere(alert) {
      const guilds = (await storage.guilds()).filter(({ id }) => id !== quickstartGuildId);
      if (guilds.length > fewGuilds) return 0;
      const told = await Promise.all(guilds.map(({ id }) => storage.raiseAlert(id, alert)));
      return told.filter(Boolean).length;
    },

    async watch(attempts) {
      for (const attempt of attempts) {
        for (const alert of watch(attempt)) await storage.raiseAlert(attempt.guildId, alert);
        const { guildId, hwid, newBindings } = attempt;
        if (hwid === null || !newBindings.includes('hwid') || !(await isSharedByOwners(guildId, hwid))) continue;
        const text = `HWID ${hwid} is used with licenses of three or more owners.`;
        // Some systems' HWIDs are the same on machines that have nothing to do with each other: seldom is enough.
        await storage.raiseAlert(guildId, { kind: 'shared-hwid', subject: `hwid:${hwid}`, text, quietHours: 24 });
      }
    },
  };
}
