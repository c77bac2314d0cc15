import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import type { Prepare } from './database/database.ts';
import { asStoreError, isBusy } from './errors.ts';

/**
 * Runs a synchronous body in one transaction. While another process holds the lock, it is tried again for up to
 * `changeTimeoutMs`. Rejects with `StoreUnavailableError` if SQLite fails, and with what the body throws; nothing is
 * changed then. `onRollback` is called before each rollback.
 */
export type Transact = <T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', changeTimeoutMs: number, body: () => T) => Promise<T>;

const retryMs = 20;

export function createTransact(database: DatabaseSync, statement: Prepare, onRollback: () => void): Transact {
  function attempt<T>(begin: string, body: () => T): T {
    statement(begin).run();
    try {
      const result = body();
      statement('COMMIT').run();
      return result;
    } catch (error) {
      onRollback();
      if (database.isOpen && database.isTransaction) statement('ROLLBACK').run();
      throw error;
    }
  }

  return async (begin, changeTimeoutMs, body) => {
    const deadline = performance.now() + changeTimeoutMs;
    for (;;) {
      try {
        return attempt(begin, body);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asStoreError(error);
      }
      await wait(retryMs);
    }
  };
}
