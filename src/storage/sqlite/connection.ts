import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Bundle } from '../../domain/check.ts';
import type { Vault } from '../vault.ts';
import type { BundleCache } from './bundle-cache.ts';
import { createStatements } from './database.ts';
import { type ChangeKind, raiseStamp } from './stamp.ts';
import { asStoreError, isBusy } from './trouble.ts';

/** What people's actions, jobs and the command line work on: the connection whose commits survive a power cut. */
export interface SqliteStore {
  readonly people: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  /** Prepared once, on the people connection. */
  statement(sql: string): StatementSync;
  /**
   * One transaction around a synchronous body; a body that throws changes nothing. Settles after the commit. A lock
   * held by another process is waited for up to 5 s; trouble is a `StoreUnavailableError`.
   */
  write<T>(body: () => T): Promise<T>;
  /** One consistent read around a synchronous body. */
  read<T>(body: () => T): Promise<T>;
  /** Inside `write`, once for each thing of a bundle that changed: the next check on every process reloads it. */
  raiseStamp(guildId: string, kind: ChangeKind, ref: string): void;
  /** Inside `write` or `read`: as of this transaction. null: no such guild. */
  bundle(guildId: string): Bundle | null;
}

const retryMs = 20;

export interface SqliteStoreOptions {
  readonly people: DatabaseSync;
  readonly vault: Vault;
  readonly now: () => Date;
  readonly random: (bytes: number) => Buffer;
  readonly cache: BundleCache;
  /** How long a change waits for another process's lock. */
  readonly patienceMs: number;
}

/** The context that the people's side of the port is written on. */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  const { people, cache } = options;
  const statement = createStatements(people);

  function attempt<T>(begin: string, body: () => T): T {
    statement(begin).run();
    try {
      const result = body();
      statement('COMMIT').run();
      return result;
    } catch (error) {
      // What the cache read in this transaction may never come to be.
      cache.clear();
      if (people.isOpen && people.isTransaction) statement('ROLLBACK').run();
      throw error;
    }
  }

  async function patiently<T>(begin: string, body: () => T): Promise<T> {
    const deadline = performance.now() + options.patienceMs;
    for (;;) {
      try {
        return attempt(begin, body);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asStoreError(error);
      }
      await wait(retryMs);
    }
  }

  return {
    people,
    vault: options.vault,
    now: options.now,
    random: options.random,
    statement,
    write: (body) => patiently('BEGIN IMMEDIATE', body),
    read: (body) => patiently('BEGIN', body),
    raiseStamp: (guildId, kind, ref) => {
      raiseStamp(statement, guildId, kind, ref);
    },
    bundle: (guildId) => {
      cache.refresh(statement, options.now());
      return cache.bundle(statement, guildId);
    },
  };
}
