import { createBoundedTable } from './bounded-table.ts';
import { minuteMs } from '../domain/calendar.ts';

export interface RateLimitOptions {
  readonly now: () => Date;
  /** The addresses that are remembered at most; the one not heard of for longest goes first. */
  readonly maxAddresses?: number;
}

export interface RateLimit {
  /** Counts a request; the milliseconds until the window ends where it is one too many, else 0. */
  take(bucket: string, client: string, perMinute: number): number;
  /** As `take`, without counting. */
  peek(bucket: string, client: string, perMinute: number): number;
  /** Windows held in memory. */
  readonly size: number;
}

interface Window {
  readonly endsAt: number;
  count: number;
}

const windowMs = minuteMs;

/**
 * Fixed windows of 60 s for each bucket and client, beginning with the first request. Refused requests count and do
 * not extend. A limit of 0 is none.
 */
export function createRateLimit({ now, maxAddresses = 200_000 }: RateLimitOptions): RateLimit {
  const windows = createBoundedTable<string, Window>(maxAddresses);

  function current(name: string, instant: number): Window | undefined {
    const window = windows.get(name);
    // A clock that was set back must not leave a client shut out for longer than a window.
    return window && instant < window.endsAt && window.endsAt - instant <= windowMs ? window : undefined;
  }

  return {
    take: (bucket, client, perMinute) => {
      if (perMinute === 0) return 0;
      const name = `${bucket} ${client}`;
      const instant = now().getTime();
      let window = current(name, instant);
      if (!window) {
        window = { endsAt: instant + windowMs, count: 0 };
        windows.set(name, window);
      }
      window.count += 1;
      return window.count > perMinute ? window.endsAt - instant : 0;
    },
    peek: (bucket, client, perMinute) => {
      const instant = now().getTime();
      const window = perMinute === 0 ? undefined : current(`${bucket} ${client}`, instant);
      return window && window.count >= perMinute ? window.endsAt - instant : 0;
    },
    get size() {
      return windows.size;
    },
  };
}
