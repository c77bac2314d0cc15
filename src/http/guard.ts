import { hash, randomBytes } from 'node:crypto';
import { createBoundedTable } from './bounded-table.ts';
import { dayMs, minuteMs } from '../domain/calendar.ts';

export interface GuardOptions {
  /** Distinct unknown values that are forgiven within the window; 0 = off. */
  readonly failures: number;
  readonly windowMinutes: number;
  readonly blockMinutes: number;
  readonly now: () => Date;
  /** Told once when an address becomes guarded. */
  readonly onBlock: (client: string) => void;
  readonly maxAddresses?: number;
}

export interface Guard {
  readonly isOn: boolean;
  /** The milliseconds for which this client is still guarded, else 0. */
  blockedForMs(client: string): number;
  /** An API key, license key, team, user or product id that nobody has, with a word that says which. */
  countUnknown(client: string, value: string): void;
  rememberGrant(client: string, key: string): void;
  /** Whether this key was granted to this client within the last 24 h. */
  wasGranted(client: string, key: string): boolean;
  /** Clients and grants held in memory. */
  readonly size: number;
}

interface Unknown {
  readonly mark: number;
  at: number;
}

const grantMemoryMs = dayMs;

/** Counts distinct unknown values of an address over all protocols, and guards the address that has too many. */
export function createGuard(options: GuardOptions): Guard {
  const { failures, now, onBlock, maxAddresses = 100_000 } = options;
  const windowMs = options.windowMinutes * minuteMs;
  const blockMs = options.blockMinutes * minuteMs;
  const unknowns = createBoundedTable<string, Unknown[]>(maxAddresses);
  // Apart, so that a flood of new addresses frees none that is guarded already.
  const guardedUntil = createBoundedTable<string, number>(maxAddresses);
  const grants = createBoundedTable<number, number>(maxAddresses);
  const salt = randomBytes(16).toString('hex');

  /** 48 bits that stand for the value: no secret stays in memory, and nobody can work out two values that look alike. */
  const markOf = (...parts: readonly string[]): number =>
    Number.parseInt(hash('sha256', [salt, ...parts].join('\n'), 'hex').slice(0, 12), 16);

  return {
    isOn: failures > 0,
    blockedForMs: (client) => {
      const until = guardedUntil.size === 0 ? undefined : guardedUntil.get(client);
      if (until === undefined) return 0;
      const leftMs = until - now().getTime();
      if (leftMs > 0 && leftMs <= blockMs) return leftMs;
      guardedUntil.delete(client);
      return 0;
    },
    countUnknown: (client, value) => {
      if (failures === 0) return;
      const at = now().getTime();
      const recent = (unknowns.get(client) ?? []).filter((unknown) => at - unknown.at < windowMs);
      const mark = markOf(value);
      const known = recent.find((unknown) => unknown.mark === mark);
      if (known) known.at = at;
      else recent.push({ mark, at });
      if (recent.length <= failures) {
        unknowns.set(client, recent);
        return;
      }
      unknowns.delete(client);
      // Requests that were under way together must not prolong it.
      if (!guardedUntil.has(client)) {
        guardedUntil.set(client, at + blockMs);
        onBlock(client);
      }
    },
    rememberGrant: (client, key) => {
      if (failures > 0) grants.set(markOf(client, key), now().getTime());
    },
    wasGranted: (client, key) => {
      const at = grants.get(markOf(client, key));
      return at !== undefined && now().getTime() - at < grantMemoryMs;
    },
    get size() {
      return unknowns.size + guardedUntil.size + grants.size;
    },
  };
}
