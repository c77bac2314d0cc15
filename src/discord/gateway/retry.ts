import type { Timers } from './timers.ts';
import { minuteMs } from '../../domain/calendar.ts';

const firstRetryMs = 5000;
const maxRetryMs = minuteMs;

/** Tries again what can fail only for a while: Discord and the store come back. */
export interface Retry {
  /** 5 s after the first failure, doubling up to a minute. null: stopped before it succeeded. */
  untilDone<T>(act: () => Promise<T>, failed: (error: unknown, inSeconds: number) => void): Promise<T | null>;
  /** No further tries; what waits for one ends at once. */
  stop(): void;
}

export function createRetry(timers: Timers): Retry {
  const state = { isStopped: false };
  const wakes = new Set<() => void>();

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        wakes.delete(wake);
        resolve();
      };
      const cancel = timers.after(ms, wake);
      wakes.add(wake);
    });
  }

  return {
    async untilDone(act, failed) {
      for (let retryMs = firstRetryMs; !state.isStopped; retryMs = Math.min(retryMs * 2, maxRetryMs)) {
        try {
          return await act();
        } catch (error) {
          failed(error, retryMs / 1000);
          await pause(retryMs);
        }
      }
      return null;
    },
    stop() {
      state.isStopped = true;
      for (const wake of wakes) wake();
    },
  };
}
