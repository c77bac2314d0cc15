import { createPauses, type Timers } from './timers.ts';
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
  const pauses = createPauses(timers);
  return {
    async untilDone(act, failed) {
      for (let retryMs = firstRetryMs; !pauses.isEnded(); retryMs = Math.min(retryMs * 2, maxRetryMs)) {
        try {
          return await act();
        } catch (error) {
          failed(error, retryMs / 1000);
          await pauses.pause(retryMs);
        }
      }
      return null;
    },
    stop() {
      pauses.end();
    },
  };
}
