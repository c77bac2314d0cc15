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
  /** Replaces the memory that each of the three tables may take, for tests. */
  readonly maxBytes?: number;
}

export interface Guard {
  readonly isOn: boolean;
  /** The milliseconds for which this client is still guarded; 0: it is not. */
  guardedForMs(client: string): number;
  /**
   * Counts a value of `unknownValues`: a license key, API key or id that does not exist, after its kind. An address that
   * several clients share may send `share` times as many as one client.
   */
  countUnknown(client: string, value: string, share: number): void;
  rememberGrant(client: string, licenseId: number): void;
  /** Whether this license was granted to this client within the last 24 h. */
  wasGranted(client: string, licenseId: number): boolean;
  /** Gives back the memory of what no longer counts. */
  sweep(): void;
  /** The clients and grants that are held in memory. */
  readonly size: number;
  /** The memory that they take, estimated. */
  readonly bytes: number;
}

const grantMemoryMs = dayMs;
const megabyte = 1024 * 1024;
/** How V8 holds a text of one byte a character, an array of numbers, and a number that is no small integer. */
const textBytes = (text: string) => 24 + text.length;
const numbersBytes = ({ length }: readonly number[]) => 48 + 8 * length;
const numberBytes = 16;

/** Counts the different unknown values that an address sends over all protocols, and guards it when they are too many. */
export function createGuard(options: GuardOptions): Guard {
  const { failures, now, onBlock, maxBytes } = options;
  const windowMs = options.windowMinutes * minuteMs;
  const blockMs = options.blockMinutes * minuteMs;
  /** For each client the fingerprints of unknown values, each followed by the time at which it was sent last. */
  const unknowns = createBoundedTable<string, readonly number[]>({
    maxBytes: maxBytes ?? 12 * megabyte,
    bytesOf: (client, values) => textBytes(client) + numbersBytes(values),
    lifetimeMs: windowMs,
  });
  // A table of its own, so that a flood of new addresses cannot push out those that are guarded.
  const guardedUntil = createBoundedTable<string, number>({
    maxBytes: maxBytes ?? 4 * megabyte,
    bytesOf: (client) => textBytes(client) + numberBytes,
    lifetimeMs: blockMs,
  });
  const grants = createBoundedTable<string, number>({
    maxBytes: maxBytes ?? 16 * megabyte,
    bytesOf: (name) => textBytes(name) + numberBytes,
    lifetimeMs: grantMemoryMs,
  });
  const tables = [unknowns, guardedUntil, grants];
  const salt = randomBytes(16).toString('hex');

  /** 48 bits of a salted hash: no secret stays in memory, and no client can construct two values with one fingerprint. */
  const fingerprintOf = (value: string): number =>
    Number.parseInt(hash('sha256', `${salt}\n${value}`, 'hex').slice(0, 12), 16);
  const grantOf = (client: string, licenseId: number) => `${client} ${licenseId}`;

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
    countUnknown: (client, value, share) => {
      if (failures === 0) return;
      const at = now().getTime();
      const fingerprint = fingerprintOf(value);
      const before = unknowns.get(client) ?? [];
      const recent = [fingerprint, at];
      for (let index = 0; index < before.length; index += 2) {
        const [known = 0, sentAt = 0] = before.slice(index, index + 2);
        // Also a value that was sent before the clock was set back is forgotten after the window.
        if (known !== fingerprint && Math.abs(at - sentAt) < windowMs) recent.push(known, sentAt);
      }
      if (recent.length <= 2 * failures * share) {
        // A copy has no room for further numbers, which would take more memory than the numbers.
        unknowns.set(client, recent.slice(), at);
        return;
      }
      unknowns.delete(client);
      // Several requests of one client can be decided at the same time: those after the first must not prolong the block.
      if (guardedUntil.get(client) === undefined) {
        guardedUntil.set(client, at + blockMs, at);
        onBlock(client);
      }
    },
    rememberGrant: (client, licenseId) => {
      const at = now().getTime();
      grants.set(grantOf(client, licenseId), at, at);
    },
    wasGranted: (client, licenseId) => {
      const at = grants.get(grantOf(client, licenseId));
      return at !== undefined && Math.abs(now().getTime() - at) < grantMemoryMs;
    },
    sweep: () => {
      const at = now().getTime();
      for (const table of tables) table.sweep(at);
    },
    get size() {
      return tables.reduce((sum, { size }) => sum + size, 0);
    },
    get bytes() {
      return tables.reduce((sum, { bytes }) => sum + bytes, 0);
    },
  };
}
