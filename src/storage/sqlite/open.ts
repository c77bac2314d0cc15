import type { Storage } from '../port/storage.ts';
import { createVault } from '../vault.ts';
import { createAlerts } from './alerts.ts';
import { createAttempts } from './attempts/attempts.ts';
import { createAudit } from './audit.ts';
import { createApiKeys } from './bundles/api-keys.ts';
import { backUp } from './database/backup.ts';
import { createBlacklistReach } from './blacklist-reach.ts';
import { createBlacklist } from './bundles/blacklist.ts';
import { createBundleCache } from './bundles/bundle-cache.ts';
import { createSqliteStore } from './connection.ts';
import { createCoordination } from './coordination.ts';
import { createChecks } from './checks/checks.ts';
import { createCustomers } from './customers/customers.ts';
import { settleAll } from './customers/licenses-of-customer.ts';
import { createEffects } from './effects.ts';
import { openFiles, openMemory } from './database/files.ts';
import { createGuilds } from './bundles/guilds.ts';
import { createLicenses } from './licenses/licenses.ts';
import { createNewestEntries } from './newest-entries.ts';
import { createPing } from './ping.ts';
import { createProducts } from './bundles/products.ts';
import { createRejectedRequests } from './rejected-requests.ts';
import { createUpkeep } from './upkeep.ts';
import { createUsers } from './users.ts';

export interface SqliteOptions {
  /** The folder of the store. null: the store is in memory, and gone when it is closed. */
  readonly dir: string | null;
  readonly masterKey: Buffer;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Whether a check that was answered survives a power cut (`disk`) or the end of the process (`process`). */
  readonly durability: 'process' | 'disk';
  /** A store has one server; other processes, such as the command line, open the store at the same time. */
  readonly server: boolean;
  /** Called with the reason each time checks are answered `store-unavailable`. */
  readonly onError?: (error: unknown) => void;
  /** After this time a check that could not be committed is answered `store-unavailable`; 1,800 when left out. */
  readonly checkDeadlineMs?: number;
  /** How long a change waits for the lock of another process; 5,000 when left out. */
  readonly changeTimeoutMs?: number;
}

/**
 * After each write a process that is not the server leaves the lock free for this time. The server's checks try to take
 * the lock every few milliseconds; a command line that writes without pauses would always be faster.
 */
const pauseNextToServerMs = 15;

/** Opens the SQLite store. Throws one sentence where it must not be opened, and has then changed nothing. */
export function openSqliteStorage(options: SqliteOptions): Storage {
  const { dir, clock: now, random, checkDeadlineMs = 1_800, changeTimeoutMs = 5_000 } = options;
  const onError = options.onError ?? (() => undefined);
  const vault = createVault(options.masterKey);
  const files =
    dir === null
      ? openMemory(vault)
      : openFiles(dir, { vault, now, durability: options.durability, server: options.server, onError });
  const { writeConnection, checks, file } = files;
  const cache = createBundleCache(vault);
  const pauseAfterWriteMs = dir === null || options.server ? 0 : pauseNextToServerMs;
  const store = createSqliteStore({ writeConnection, vault, now, random, cache, changeTimeoutMs, pauseAfterWriteMs });
  const checkPort = createChecks({
    checks,
    vault,
    now,
    cache,
    hasOwnConnection: checks !== writeConnection,
    deadlineMs: checkDeadlineMs,
    onLargeGroup: () => {
      files.moveCheckpointsToThread();
    },
    onError,
  });

  let closing: Promise<void> | null = null;
  // A failure here does not prevent the opening: the next process tries it again.
  const settling = dir === null ? Promise.resolve() : settleAll(store).catch(() => undefined);

  async function close(): Promise<void> {
    await checkPort.drain();
    await settling;
    await files.close();
  }

  return {
    ...createGuilds(store),
    ...createCustomers(store),
    ...createProducts(store),
    ...createLicenses(store),
    ...createApiKeys(store),
    ...createBlacklist(store),
    ...createBlacklistReach(store),
    ...createAttempts(store),
    ...createRejectedRequests(store),
    ...createAudit(store),
    ...createAlerts(store),
    ...createUsers(store),
    ...createEffects(store),
    ...createCoordination(store),
    ...createUpkeep(store),
    ...checkPort,
    ping: createPing(checks, now),
    newestEntries: createNewestEntries(store),
    replicaSet: () => Promise.resolve(null),
    backup: (target) => {
      if (file === null) return Promise.reject(new Error('A store in memory has no backups.'));
      return backUp(file, target);
    },
    close: () => (closing ??= close()),
  };
}
