import { hash, randomBytes } from 'node:crypto';
import { createBoundedTable } from './bounded-table.ts';
import { dayMs, minuteMs } from '../domain/values/calendar.ts';

export interface GuardOptions {
  /** The different unknown values that an address may send within the window before it is guarded; 0 = off. */
  readonly failures: number;
  readonly windowMinutes: number;
  readonly blockMinutes: number;
  readonly now: () => Date;
  /** Called once when an address becomes guarded. */
  readonly onBlock: (client: string) => void;
  readonly maxAddresses?: number;
}

export interface Guard {
  readonly isOn: boolean;
  /** The milliseconds for which this client is still guarded; 0: it is not. */
  guardedForMs(client: string): number;
  /** Counts a value of `unknownValues`: a license key, API key or id that does not exist, after its kind. */
  countUnknown(client: string, value: string): void;
  rememberGrant(client: string, key: string): void;
  /** Whether this key was granted to this client within the last 24 h. */
  wasGranted(client: string, key: string): boolean;
  /** The clients and grants that are held in memory. */
  readonly size: number;
}

interface UnknownValue {
  readonly fingerprint: number;
  at: number;
}

const grantMemoryMs = dayMs;

/** Counts the different unknown values that an address sends over all protocols, and guards it when they are too many. */
export function createGuard(options: GuardOptions): Guard {
  const { failures, now, onBlock, maxAddresses = 100_000 } = options;
  const windowMs = options.windowMinutes * minuteMs;
  const blockMs = options.blockMinutes * minuteMs;
  const unknowns = createBoundedTable<string, UnknownValue[]>(maxAddresses);
  // A table of its own, so that a flood of new addresses cannot push out those that are guarded.
  const guardedUntil = createBoundedTable<string, number>(maxAddresses);
  const grants = createBoundedTable<number, number>(maxAddresses);
  const salt = randomBytes(16).toString('hex');

  /** 48 bits of a salted hash: no secret stays in memory, and no client can construct two values with one fingerprint. */
  const fingerprintOf = (...parts: readonly string[]): number =>
    Number.parseInt(hash('sha256', [salt, ...parts].join('\n'), 'hex').slice(0, 12), 16);

  return {
    isOn: failures > 0,
    guardedForMs: (client) => {
      const until = guardedUntil.size === 0 ? undefined : guardedUntil.get(client);
      if (until === undefined) return 0;
      const leftMs = until - now().getTime();
      // A block that would last longer than a new one was begun by a clock that was ahead.
      if (leftMs > 0 && leftMs <= blockMs) return leftMs;
      guardedUntil.delete(client);
      return 0;
    },
    countUnknown: (client, value) => {
      if (failures === 0) return;
      const at = now().getTime();
      // Values from a clock that was ahead do not count for ever, and neither do grants.
      const recent = (unknowns.get(client) ?? []).filter((unknown) => Math.abs(at - unknown.at) < windowMs);
      const fingerprint = fingerprintOf(value);
      const known = recent.find((unknown) => unknown.fingerprint === fingerprint);
      if (known) known.at = at;
      else recent.push({ fingerprint, at });
      if (recent.length <= failures) {
        unknowns.set(client, recent);
        return;
      }
      unknowns.delete(client);
      // Several requests of one client can be decided at the same time: those after the first must not prolong the block.
      if (!guardedUntil.has(client)) {
        guardedUntil.set(client, at + blockMs);
        onBlock(client);
      }
    },
    rememberGrant: (client, key) => {
      if (failures > 0) grants.set(fingerprintOf(client, key), now().getTime());
    },
    wasGranted: (client, key) => {
      const at = grants.get(fingerprintOf(client, key));
      return at !== undefined && Math.abs(now().getTime() - at) < grantMemoryMs;
    },
    get size() {
      return unknowns.size + guardedUntil.size + grants.size;
    },
  };
}
