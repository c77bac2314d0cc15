import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { Prepare } from './database/database.ts';
import { asStoreError, isBusy } from './errors.ts';

/**
 * Runs a synchronous body in one transaction. While another process holds the lock, it is tried again for up to
 * `changeTimeoutMs`. Rejects with `StoreUnavailableError` if SQLite fails, and with what the body throws; nothing is
 * changed then. `onRollback` is called before each rollback.
 */
export type Transact = <T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', changeTimeoutMs: number, body: () => T) => Promise<T>;

const retryMs = 20;
/** Transactions may hold the event loop for this long before checks have a turn. */
const maxTurnMs = 5;

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

  /** When the first transaction of this turn of the event loop began; null: none has. */
  let turnBegan: number | null = null;

  /**
   * A transaction is done when its promise is made, so a caller that awaits one after the other would never return to the
   * event loop, and a job that goes through all owners would keep checks waiting until its end.
   */
  async function shareTurn(): Promise<void> {
    const now = performance.now();
    if (turnBegan === null) {
      turnBegan = now;
      setImmediate(() => {
        turnBegan = null;
      });
    } else if (now - turnBegan >= maxTurnMs) {
      await nextTurn();
    }
  }

  return async (begin, changeTimeoutMs, body) => {
    await shareTurn();
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
