import type { Storage } from '../port/storage.ts';
import { createVault } from '../vault.ts';
import { createAlerts } from './alerts.ts';
import { createAttempts } from './attempts.ts';
import { createAudit } from './audit.ts';
import { createApiKeys } from './bundles/api-keys.ts';
import { backUp } from './backup.ts';
import { createBlacklist } from './bundles/blacklist.ts';
import { createBundleCache } from './bundles/bundle-cache.ts';
import { createSqliteStore } from './connection.ts';
import { createCoordination } from './coordination.ts';
import { createChecks } from './checks/checks.ts';
import { createCustomers } from './customers.ts';
import { createEffects } from './effects.ts';
import { openFiles, openMemory } from './files.ts';
import { createGuilds } from './bundles/guilds.ts';
import { createLicenses } from './licenses/licenses.ts';
import { createPing } from './ping.ts';
import { createProducts } from './bundles/products.ts';
import { createRejectedRequests } from './rejected-requests.ts';
import { createUpkeep } from './upkeep.ts';
import { createUsers } from './users.ts';

export interface SqliteOptions {
  /** null: in memory, gone when closed. */
  readonly dir: string | null;
  readonly masterKey: Buffer;
  readonly clock: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Whether a check that was answered survives a power cut (`disk`) or the end of the process (`process`). */
  readonly durability: 'process' | 'disk';
  /** There is one server on a store; the command line works beside it. */
  readonly server: boolean;
  /** Told why checks are answered `store-unavailable`, each time. */
  readonly onError?: (error: unknown) => void;
  /** From arrival to `store-unavailable`. */
  readonly checkDeadlineMs?: number;
  /** How long a change waits for another process's lock. */
  readonly changeTimeoutMs?: number;
}

/** Checks that wait for the lock try it now and then: without gaps the command line would keep it from them. */
const restBesideServerMs = 15;

/** The embedded store. Throws one sentence where it must not be opened; nothing was changed then. */
export function openSqliteStorage(options: SqliteOptions): Storage {
  const { dir, clock: now, random, checkDeadlineMs = 1_800, changeTimeoutMs = 5_000 } = options;
  const onError = options.onError ?? (() => undefined);
  const vault = createVault(options.masterKey);
  const { fingerprint } = vault;
  const files =
    dir === null
      ? openMemory(fingerprint)
      : openFiles(dir, { fingerprint, now, durability: options.durability, server: options.server, onError });
  const { writeConnection, checks, file } = files;
  const cache = createBundleCache(vault);
  const restMs = dir === null || options.server ? 0 : restBesideServerMs;
  const store = createSqliteStore({ writeConnection, vault, now, random, cache, changeTimeoutMs, restMs });
  const decisions = createChecks({
    checks,
    vault,
    now,
    cache,
    dataVersionTells: checks !== writeConnection,
    deadlineMs: checkDeadlineMs,
    onLoad: () => {
      files.onLoad();
    },
    onError,
  });

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    await decisions.drain();
    await files.close();
  }

  return {
    ...createGuilds(store),
    ...createCustomers(store),
    ...createProducts(store),
    ...createLicenses(store),
    ...createApiKeys(store),
    ...createBlacklist(store),
    ...createAttempts(store),
    ...createRejectedRequests(store),
    ...createAudit(store),
    ...createAlerts(store),
    ...createUsers(store),
    ...createEffects(store),
    ...createCoordination(store),
    ...createUpkeep(store),
    ...decisions,
    ping: createPing(checks, now),
    replicaSet: () => Promise.resolve(null),
    backup: (target) => {
      if (file === null) return Promise.reject(new Error('A store in memory has no backups.'));
      return backUp(file, target);
    },
    close: () => (closing ??= close()),
  };
}
