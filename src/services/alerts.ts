import type { Attempt } from '../domain/attempt.ts';
import { quickstartGuildId } from '../domain/guild.ts';
import { hourMs, isFromWrongClock } from '../domain/values/calendar.ts';
import type { NewAlert } from '../storage/port/alerts.ts';
import { describeAddressPattern, describeSharedHwid } from './alert-texts.ts';
import { createAttemptWatch } from './attempt-watch.ts';
import type { ServiceContext } from './context.ts';
import { createPlaceholderWatch } from './placeholder-watch.ts';
import { findAddressPattern } from './licenses/address-pattern.ts';
import { createRecentMap } from './recent-map.ts';

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

export const addressPatternAlert = 'addresses.change';

/** So many licenses with a refused address are remembered. The longest unused one is forgotten, and looked at again. */
const maxLookedAt = 10_000;

export function createAlertService({ storage }: ServiceContext): AlertService {
  const watch = createAttemptWatch();
  const watchPlaceholders = createPlaceholderWatch(
    async (guildId) => (await storage.bundle(guildId))?.settings ?? null,
  );
  const lookedAt = createRecentMap<{ readonly ms: number }>(maxLookedAt);

  /** The license's attempts are read once an hour at most, however often its clients try. */
  async function watchAddresses({ guildId, licenseId, keySuffix, result, hwid, at }: Attempt): Promise<void> {
    if (result !== 'ip-limit' || licenseId === null || hwid === null) return;
    const last = lookedAt.get(String(licenseId))?.ms ?? null;
    if (last !== null && at.getTime() < last + hourMs && !isFromWrongClock(last, hourMs, at)) return;
    lookedAt.set(String(licenseId), { ms: at.getTime() });
    const pattern = await findAddressPattern(storage, guildId, licenseId, at);
    if (pattern === null) return;
    const text = describeAddressPattern(licenseId, keySuffix, pattern.addresses);
    await storage.raiseAlert(guildId, { kind: addressPatternAlert, subject: `license:${licenseId}`, text });
  }

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
        await watchAddresses(attempt);
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
