import { LRUCache } from 'lru-cache';
import { minuteMs } from '../../domain/calendar.ts';

const windowMs = 10 * minuteMs;
const maxWrong = 5;
/** Users whose tries are remembered; who is forgotten has waited behind so many others. */
const maxUsers = 10_000;

export interface WrongKeys {
  /**
   * Counts a try before its key is looked at, so that many at once count too. A date: too many were wrong, wait until
   * then. Otherwise call what it returns when the key was right.
   */
  begin(userId: string): Date | (() => void);
}

/** Counts wrong keys of each user over the last 10 minutes, in bounded memory. */
export function createWrongKeys(clock: () => Date): WrongKeys {
  const tries = new LRUCache<string, readonly number[]>({ max: maxUsers });
  return {
    begin(userId) {
      const now = clock().getTime();
      const recent = (tries.get(userId) ?? []).filter((at) => at > now - windowMs);
      const oldest = recent.at(-maxWrong);
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
