import { createBoundedTable } from './bounded-table.ts';
import { minuteMs } from '../domain/values/calendar.ts';

export interface RateLimitOptions {
  readonly now: () => Date;
  /** The memory that the windows may take; beyond it the least recently active clients are dropped; 12 MB if left out. */
  readonly maxBytes?: number;
}

/** What a request gets that is over the limit. */
export interface Excess {
  /** The milliseconds until the window ends. */
  readonly waitMs: number;
  /** It is over the second, ten times higher limit too, which holds for licenses that are known at the address. */
  readonly isFar: boolean;
}

export interface RateLimit {
  /** Counts a request. null: it is within the limit. */
  take(bucket: string, client: string, perMinute: number): Excess | null;
  /** As `take` would return for one more request, without counting it. */
  peek(bucket: string, client: string, perMinute: number): Excess | null;
  /** Gives back the memory of windows that have ended. */
  sweep(): void;
  /** The windows that are held in memory. */
  readonly size: number;
  /** The memory that they take, estimated. */
  readonly bytes: number;
}

interface Window {
  readonly endsAt: number;
  count: number;
}

const windowMs = minuteMs;
/** A machine or network that many customers share stays usable for them while one program floods from it. */
const secondLimitFactor = 10;
/** How V8 holds a name that was put together from two texts, and a window. */
const windowBytes = 144;

/**
 * Fixed windows of 60 s for each bucket and client, which begin with the first request. Rejected requests count, but do
 * not extend the window. A limit of 0 is no limit.
 */
export function createRateLimit({ now, maxBytes = 12 * 1024 * 1024 }: RateLimitOptions): RateLimit {
  const windows = createBoundedTable<string, Window>({
    maxBytes,
    bytesOf: (name) => windowBytes + name.length,
    lifetimeMs: windowMs,
  });

  function current(name: string, instant: number): Window | undefined {
    const window = windows.get(name);
    // When the clock is set back, a window could end far in the future; the client must not be locked out until then.
    return window && instant < window.endsAt && window.endsAt - instant <= windowMs ? window : undefined;
  }

  function excessOf(window: Window, count: number, perMinute: number, instant: number): Excess | null {
    if (count <= perMinute) return null;
    return { waitMs: window.endsAt - instant, isFar: count > secondLimitFactor * perMinute };
  }

  return {
    take: (bucket, client, perMinute) => {
      if (perMinute === 0) return null;
      const name = `${bucket} ${client}`;
      const instant = now().getTime();
      let window = current(name, instant);
      if (!window) {
        window = { endsAt: instant + windowMs, count: 0 };
        windows.set(name, window, instant);
      }
      window.count += 1;
      return excessOf(window, window.count, perMinute, instant);
    },
    peek: (bucket, client, perMinute) => {
      const instant = now().getTime();
      const window = perMinute === 0 ? undefined : current(`${bucket} ${client}`, instant);
      return window ? excessOf(window, window.count + 1, perMinute, instant) : null;
    },
    sweep: () => {
      windows.sweep(now().getTime());
    },
    get size() {
      return windows.size;
    },
    get bytes() {
      return windows.bytes;
    },
  };
}
