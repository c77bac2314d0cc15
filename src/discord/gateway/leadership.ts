import type { Storage } from '../../storage/port/storage.ts';

/** Effects and logs rest that long at most when the process that carried them out was killed. */
const ttlMs = 15_000;
const renewalMs = 4000;
/** How often a process that does not lead looks whether it may. */
const lookMs = 1000;
export const leaseName = 'bot';

/** Of several processes with the bot role one carries out effects and posts logs. */
export interface Leadership {
  /** Takes or renews the lease; answers when to do so again. */
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
      const asked = clock().getTime();
      const number = await storage.acquireLease(leaseName, holder, ttlMs);
      // Counted from before the question, so that we stop no later than somebody else may begin.
      held = number === null ? null : { number, until: asked + ttlMs };
      return held ? renewalMs : lookMs;
    },
    fence: () => (held && clock().getTime() < held.until ? held.number : null),
    async release() {
      held = null;
      await storage.releaseLease(leaseName, holder);
    },
  };
}
