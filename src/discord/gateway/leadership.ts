import { isFromWrongClock } from '../../domain/values/calendar.ts';
import type { Storage } from '../../storage/port/storage.ts';

/** When the leading process is killed, another one takes over after at most this time. */
const ttlMs = 15_000;
const renewalMs = 4000;
/** How often a process that does not lead tries to get the lease. */
const attemptMs = 1000;
export const leaseName = 'bot';

/** Makes sure that, of several processes with the bot role, one carries out effects and posts logs. */
export interface Leadership {
  /** Acquires or renews the lease; returns after how many ms to do so again. */
  renew(): Promise<number>;
  /** The fencing number while this process leads, else null. */
  fence(): number | null;
  release(): Promise<void>;
}

export interface LeadershipParts {
  readonly storage: Pick<Storage, 'acquireLease' | 'releaseLease'>;
  /** Unique to this process. */
  readonly holder: string;
  readonly clock: () => Date;
}

export function createLeadership({ storage, holder, clock }: LeadershipParts): Leadership {
  let held: { readonly number: number; readonly until: number } | null = null;
  return {
    async renew() {
      const requestedAt = clock().getTime();
      const number = await storage.acquireLease(leaseName, holder, ttlMs);
      // Counted from before the request, so that this process stops before another one can get the lease.
      held = number === null ? null : { number, until: requestedAt + ttlMs };
      return held ? renewalMs : attemptMs;
    },
    fence: () => {
      const now = clock().getTime();
      // When the clock is set back, the end lies further away than the lease is long, and another process may have it.
      return held && now < held.until && !isFromWrongClock(held.until, ttlMs, now) ? held.number : null;
    },
    async release() {
      held = null;
      await storage.releaseLease(leaseName, holder);
    },
  };
}
