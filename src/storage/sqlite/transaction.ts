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
/** Transactions may hold the event loop for this long before checks have a turn. */
const maxTurnMs = 5;

export function createTransact(database: DatabaseSync, statement: Prepare, onRollback: () => void): Transact {
  const takeTurn = createShortTurns();

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
    let deadline = Infinity;
    for (;;) {
      try {
        return await takeTurn(() => {
          // Waiting for a turn does not count: the time begins with the first try.
          deadline = Math.min(deadline, performance.now() + changeTimeoutMs);
          return attempt(begin, body);
        });
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw asStoreError(error);
      }
      await wait(retryMs);
    }
  };
}

/**
 * Returns a function that makes calls in the order in which they come, and in each turn of the event loop only so many
 * that they hold it for `maxTurnMs`. A transaction is done when its promise is made, so a job that awaits one after the
 * other would otherwise keep checks waiting until its end, and so would hundreds that are asked for at once.
 */
function createShortTurns(): <T>(call: () => T) => Promise<T> {
  const waiting: (() => void)[] = [];
  /** When the first call of this turn was made; null: none was. */
  let beganAt: number | null = null;
  const isUsedUp = () => beganAt !== null && performance.now() - beganAt >= maxTurnMs;

  function begin(): void {
    beganAt = performance.now();
    setImmediate(next);
  }

  function next(): void {
    beganAt = null;
    if (waiting.length > 0) begin();
    while (waiting.length > 0 && !isUsedUp()) waiting.shift()?.();
  }

  return (call) =>
    new Promise((resolve) => {
      const make = () => {
        // What the call throws rejects the inner promise.
        resolve(
          new Promise((done) => {
            done(call());
          }),
        );
      };
      if (waiting.length > 0 || isUsedUp()) {
        waiting.push(make);
        return;
      }
      if (beganAt === null) begin();
      make();
    });
}
