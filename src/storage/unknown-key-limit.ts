import { minuteMs } from '../domain/calendar.ts';
/** Beyond so many a minute and guild, attempts without a license are only counted. */
const singleUnknownsPerMinute = 60;

/** The start of the minute that an instant lies in, in ms. */
export function minuteOf(at: Date): number {
  return at.getTime() - (at.getTime() % minuteMs);
}

/** Counts an attempt without a license; whether it is one too many to be stored singly. One per process, in memory. */
export function createUnknownLimit(): (guildId: string, at: Date) => boolean {
  const unknowns = new Map<string, number>();
  let minute = 0;

  return (guildId, at) => {
    const thisMinute = minuteOf(at);
    if (thisMinute !== minute) {
      unknowns.clear();
      minute = thisMinute;
    }
    const before = unknowns.get(guildId) ?? 0;
    unknowns.set(guildId, before + 1);
    return before >= singleUnknownsPerMinute;
  };
}
