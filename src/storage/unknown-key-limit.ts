import { minuteMs } from '../domain/values/calendar.ts';

/** How many attempts without a license are stored per guild and minute; those beyond it are only counted. */
const maxStoredPerMinute = 60;

/** The start of the minute that an instant lies in, in ms. */
export function minuteOf(at: Date): number {
  return at.getTime() - (at.getTime() % minuteMs);
}

/**
 * Returns a function that counts an attempt without a license and returns whether it is above the guild's limit for the
 * minute. The counts are in memory: each process has its own limit.
 */
export function createUnknownKeyLimit(): (guildId: string, at: Date) => boolean {
  const counts = new Map<string, number>();
  let minute = 0;

  return (guildId, at) => {
    const thisMinute = minuteOf(at);
    if (thisMinute !== minute) {
      counts.clear();
      minute = thisMinute;
    }
    const before = counts.get(guildId) ?? 0;
    counts.set(guildId, before + 1);
    return before >= maxStoredPerMinute;
  };
}
