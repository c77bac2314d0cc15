import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from '../../domain/snapshot.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundles/bundle-cache.ts';
import { createStatements } from './database/database.ts';
import { type ChangeKind, raiseBundleVersion } from './bundles/bundle-version.ts';
import { createTransact } from './transaction.ts';

/** What everything but checks is written on: the write connection, whose commits survive a power cut. */
export interface SqliteStore {
  /** For what `statement` cannot do, such as defining SQL functions. */
  readonly writeConnection: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Prepares a statement on the write connection, once for each SQL text. */
  readonly statement: (sql: string) => StatementSync;
  /**
   * Runs a synchronous body in one `BEGIN IMMEDIATE` transaction and resolves after the commit; if the body throws,
   * nothing is changed. Waits up to `changeTimeoutMs` for the lock of another process. Rejects with
   * `StoreUnavailableError` if SQLite fails.
   */
  write<T>(body: () => T): Promise<T>;
  /** Runs a synchronous body in one read transaction: all that it reads is as of one commit. */
  read<T>(body: () => T): Promise<T>;
  /** Inside `write`, once for each changed row of a bundle: the next check on every process reloads that row. */
  raiseBundleVersion(guildId: string, kind: ChangeKind, ref: string): void;
  /** Inside `write` or `read`: the guild's bundle as of this transaction. null: there is no such guild. */
  bundle(guildId: string): Bundle | null;
}

export interface SqliteStoreOptions {
  readonly writeConnection: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly cache: BundleCache;
  /** How long a transaction waits for the lock of another process. */
  readonly changeTimeoutMs: number;
  /** How long this process leaves the lock free after a write: other processes wait for it by trying repeatedly. */
  readonly pauseAfterWriteMs: number;
}

export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { cache, now, changeTimeoutMs, pauseAfterWriteMs } = options;
  const statement = createStatements(options.writeConnection);
  /** Whether the cache has read in the present transaction: if that is rolled back, it holds what never was. */
  let hasReadBundle = false;
  const transact = createTransact(options.writeConnection, statement, () => {
    if (hasReadBundle) cache.clear();
  });
  const inTransaction = <T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', body: () => T) =>
    transact(begin, changeTimeoutMs, () => {
      hasReadBundle = false;
      return body();
    });

  let pausesUntil = 0;
  async function write<T>(body: () => T): Promise<T> {
    const leftMs = pausesUntil - performance.now();
    if (leftMs > 0) await wait(leftMs);
    const result = await inTransaction('BEGIN IMMEDIATE', body);
    pausesUntil = performance.now() + pauseAfterWriteMs;
    return result;
  }

  return {
    writeConnection: options.writeConnection,
    vault: options.vault,
    now,
    random: options.random,
    statement,
    write,
    read: (body) => inTransaction('BEGIN', body),
    raiseBundleVersion: (guildId, kind, ref) => {
      raiseBundleVersion(statement, guildId, kind, ref);
    },
    bundle: (guildId) => {
      hasReadBundle = true;
      cache.refresh(statement, now());
      return cache.bundle(statement, guildId);
    },
  };
}
