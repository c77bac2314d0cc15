import { createBoundedTable } from './bounded-table.ts';
import { minuteMs } from '../domain/values/calendar.ts';

export interface RateLimitOptions {
  readonly now: () => Date;
  /** The most addresses that are held in memory; beyond them the least recently active one is dropped. */
  readonly maxAddresses?: number;
}

export interface RateLimit {
  /** Counts a request. Returns 0, or the milliseconds until the window ends where the request is over the limit. */
  take(bucket: string, client: string, perMinute: number): number;
  /** As `take` would return for one more request, without counting it. */
  peek(bucket: string, client: string, perMinute: number): number;
  /** The windows that are held in memory. */
  readonly size: number;
}

interface Window {
  readonly endsAt: number;
  count: number;
}

const windowMs = minuteMs;

/**
 * Fixed windows of 60 s for each bucket and client, which begin with the first request. Rejected requests count, but do
 * not extend the window. A limit of 0 is no limit.
 */
export function createRateLimit({ now, maxAddresses = 200_000 }: RateLimitOptions): RateLimit {
  const windows = createBoundedTable<string, Window>(maxAddresses);

  function current(name: string, instant: number): Window | undefined {
    const window = windows.get(name);
    // When the clock is set back, a window could end far in the future; the client must not be locked out until then.
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
