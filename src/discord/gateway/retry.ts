import type { Timers } from './timers.ts';
import { minuteMs } from '../../domain/values/calendar.ts';

const firstRetryMs = 5000;
const maxRetryMs = minuteMs;

/** Repeats what fails only for a while, because Discord or the store does not answer. */
export interface Retry {
  /** Tries until it succeeds: again after 5 s, doubling up to a minute. null: stopped before it succeeded. */
  untilDone<T>(act: () => Promise<T>, failed: (error: unknown, inSeconds: number) => void): Promise<T | null>;
  /** No further attempts; those that wait for one end at once. */
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
