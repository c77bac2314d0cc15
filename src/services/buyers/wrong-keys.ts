import { isFromWrongClock, minuteMs } from '../../domain/values/calendar.ts';
import { createRecentMap } from '../recent-map.ts';

const windowMs = 10 * minuteMs;
/** How many users are remembered; the one whose last try is the longest ago is forgotten first. */
const maxUsers = 10_000;

export interface WrongKeys {
  /**
   * Counts a try before its key is looked up, so that concurrent tries count too. Returns a Date where too many keys
   * were wrong: until then the user has to wait. Otherwise it returns a function, to be called if the key was right,
   * that takes the try out of the count.
   */
  begin(userId: string): Date | (() => void);
}

/** Counts wrong keys of each user over the last 10 minutes, in bounded memory. From `max` on the user has to wait. */
export function createWrongKeys(clock: () => Date, max: number): WrongKeys {
  const tries = createRecentMap<readonly number[]>(maxUsers);
  return {
    begin(userId) {
      const now = clock().getTime();
      const recent = (tries.get(userId) ?? []).filter(
        (at) => at > now - windowMs && !isFromWrongClock(at, windowMs, now),
      );
      const oldest = recent.at(-max);
      if (oldest !== undefined) return new Date(oldest + windowMs);
      tries.set(userId, [...recent, now]);
      return () => {
        const current = tries.get(userId) ?? [];
        const index = current.indexOf(now);
        if (index !== -1) tries.set(userId, current.toSpliced(index, 1));
      };
    },
  };
}
