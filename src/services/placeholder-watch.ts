import type { Attempt } from '../domain/attempt.ts';
import type { Settings } from '../domain/settings/settings.ts';
import { dayMs } from '../domain/values/calendar.ts';
import { compactHwid, isPlaceholderHwid } from '../domain/values/placeholder-hwids.ts';
import type { NewAlert } from '../storage/port/alerts.ts';
import { describePlaceholderHwid } from './alert-texts.ts';
import { createRecentMap } from './recent-map.ts';

export const placeholderAlert = 'placeholder-hwid';

/** In hours: longer than any alert is stored in practice. */
const alwaysQuiet = 10 * 365 * 24;

/** Values of all guilds that are remembered at once, so that a value which comes with every check costs no write. */
const maxValues = 10_000;

/**
 * Returns a function that takes attempts and returns an alert where a license is used with a HWID that identifies no
 * machine. A guild is alerted to each value once, for as long as the alert is stored. `settingsOf` is asked only about
 * guilds whose licenses send such HWIDs.
 */
export function createPlaceholderWatch(settingsOf: (guildId: string) => Promise<Settings | null>) {
  const lastAt = createRecentMap<{ readonly at: number }>(maxValues);

  return async (attempt: Attempt): Promise<NewAlert | null> => {
    const { guildId, licenseId, keySuffix, hwid, result, at } = attempt;
    const isUsed = result === 'granted' || result === 'hwid-limit';
    if (!isUsed || licenseId === null || hwid === null || !isPlaceholderHwid(hwid)) return null;
    const subject = `hwid:${compactHwid(hwid).slice(0, 128)}`;
    const seen = lastAt.get(`${guildId} ${subject}`);
    if (seen && Math.abs(at.getTime() - seen.at) < dayMs) return null;
    if ((await settingsOf(guildId))?.['hwid.placeholders'] !== 'alert') return null;
    lastAt.set(`${guildId} ${subject}`, { at: at.getTime() });
    const text = describePlaceholderHwid(hwid, licenseId, keySuffix);
    return { kind: placeholderAlert, subject, text, quietHours: alwaysQuiet };
  };
}
