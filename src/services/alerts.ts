import type { Attempt } from '../domain/attempt.ts';
import { quickstartGuildId } from '../domain/guild.ts';
import type { NewAlert } from '../storage/port/alerts.ts';
import { describeSharedHwid } from './alert-texts.ts';
import { createAttemptWatch } from './attempt-watch.ts';
import type { ServiceContext } from './context.ts';
import { createPlaceholderWatch } from './placeholder-watch.ts';

export interface AlertService {
  /** Stores an alert for the guild's staff. False: the same kind and subject was raised within its quiet hours. */
  raise(guildId: string, alert: NewAlert): Promise<boolean>;
  /**
   * Raises an alert that concerns the whole server (a guarded address, an undeclared proxy) in every guild, as long as
   * there are at most 3: they then belong to one operator. With more guilds it raises none, because their
   * staff do not run the server. Returns how many guilds were notified.
   */
  raiseEverywhere(alert: NewAlert): Promise<number>;
  /**
   * Looks for suspicious patterns in attempts, which come in the order of their times, and raises an alert for each.
   */
  watch(attempts: readonly Attempt[]): Promise<void>;
}

/** Up to this number, the guilds of a server are taken to belong to one operator. */
const maxGuildsOfOneOperator = 3;

export function createAlertService({ storage }: ServiceContext): AlertService {
  const watch = createAttemptWatch();
  const watchPlaceholders = createPlaceholderWatch(
    async (guildId) => (await storage.bundle(guildId))?.settings ?? null,
  );

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
      if (guilds.length > maxGuildsOfOneOperator) return 0;
      const raised = await Promise.all(guilds.map(({ id }) => storage.raiseAlert(id, alert)));
      return raised.filter(Boolean).length;
    },

    async watch(attempts) {
      for (const attempt of attempts) {
        const { guildId, hwid, newBindings } = attempt;
        for (const alert of watch(attempt)) await storage.raiseAlert(guildId, alert);
        const placeholder = await watchPlaceholders(attempt);
        if (placeholder) await storage.raiseAlert(guildId, placeholder);
        if (hwid === null || !newBindings.includes('hwid') || !(await isSharedByOwners(guildId, hwid))) continue;
        const text = describeSharedHwid(hwid);
        // Some operating systems give unrelated machines the same HWID, so one alert a day is enough.
        await storage.raiseAlert(guildId, { kind: 'shared-hwid', subject: `hwid:${hwid}`, text, quietHours: 24 });
      }
    },
  };
}
