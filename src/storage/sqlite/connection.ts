import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from '../../domain/snapshot.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundles/bundle-cache.ts';
import { createStatements } from './database.ts';
import { type ChangeKind, raiseBundleVersion } from './bundles/bundle-version.ts';
import { createTransact } from './transaction.ts';

/** What people's actions, jobs and the command line work on: the connection whose commits survive a power cut. */
export interface SqliteStore {
  /** For what `statement` cannot do, such as functions of one's own. */
  readonly writeConnection: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Prepared once, on the write connection. */
  readonly statement: (sql: string) => StatementSync;
  /**
   * One transaction around a synchronous body; a body that throws changes nothing. Settles after the commit. A lock
   * held by another process is waited for; trouble is a `StoreUnavailableError`.
   */
  write<T>(body: () => T): Promise<T>;
  /** One consistent read around a synchronous body. */
  read<T>(body: () => T): Promise<T>;
  /** Inside `write`, once for each thing of a bundle that changed: the next check on every process reloads it. */
  raiseBundleVersion(guildId: string, kind: ChangeKind, ref: string): void;
  /** Inside `write` or `read`: as of this transaction. null: no such guild. */
  bundle(guildId: string): Bundle | null;
}

export interface SqliteStoreOptions {
  readonly writeConnection: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly cache: BundleCache;
  /** How long a change waits for another process's lock. */
  readonly changeTimeoutMs: number;
  /** How long this process leaves the lock alone after a change: another one waits for it by trying now and then. */
  readonly restMs: number;
}

/** The context that the people's side of the port is written on. */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { cache, now, changeTimeoutMs, restMs } = options;
  const statement = createStatements(options.writeConnection);
  const transact = createTransact(options.writeConnection, statement, () => {
    // What the cache read in this transaction may never come to be.
    cache.clear();
  });

  let restsUntil = 0;
  async function write<T>(body: () => T): Promise<T> {
    const leftMs = restsUntil - performance.now();
    if (leftMs > 0) await wait(leftMs);
    const result = await transact('BEGIN IMMEDIATE', changeTimeoutMs, body);
    restsUntil = performance.now() + restMs;
    return result;
  }

  return {
    writeConnection: options.writeConnection,
    vault: options.vault,
    now,
    random: options.random,
    statement,
    write,
    read: (body) => transact('BEGIN', changeTimeoutMs, body),
    raiseBundleVersion: (guildId, kind, ref) => {
      raiseBundleVersion(statement, guildId, kind, ref);
    },
    bundle: (guildId) => {
      cache.refresh(statement, now());
      return cache.bundle(statement, guildId);
    },
  };
}
