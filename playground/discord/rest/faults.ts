/** An error that is returned instead of the true answer to the next requests that match. */
export interface Fault {
  /** Where omitted: any method. */
  readonly method?: string;
  /** Matched against the path after /api/v10. Where omitted: any path. */
  readonly path?: RegExp;
  /** 0 cuts the connection instead of answering. */
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests get this fault; 1 where omitted. */
  readonly times?: number;
  /** In seconds, for status 429. */
  readonly retryAfter?: number;
  /** true: carries the request out before the fault is returned, as if the true answer had been lost on the way. */
  readonly afterwards?: boolean;
}

export type Outage = 'errors' | 'refuse';

/** Matching requests that wait before they are carried out. */
export interface Hold {
  /** The number of requests that wait now. */
  readonly waiting: number;
  /** Lets them and all later requests pass. */
  readonly release: () => void;
}

export interface Faults {
  readonly inject: (fault: Fault) => void;
  readonly hold: (path: RegExp, method?: string) => Hold;
  /** The fault for this request, which uses up one of its `times`; undefined: none matches. */
  readonly takeFault: (method: string, path: string) => Fault | undefined;
  /** Resolves when this request no longer waits in a hold. */
  readonly waitForHolds: (method: string, path: string) => Promise<void>;
  readonly clear: () => void;
  outage: Outage | null;
  latencyMs: number;
}

/** The faults, holds, outage and latency that a test has set. `changed` reports that a request started to wait. */
export function createFaults(changed: () => void): Faults {
  let faults: { readonly fault: Fault; left: number }[] = [];
  const holds = new Set<{ path: RegExp; method: string | undefined; waiters: (() => void)[] }>();

  const all: Faults = {
    outage: null,
    latencyMs: 0,
    inject: (fault) => {
      faults.push({ fault, left: fault.times ?? 1 });
    },
    hold: (path, method) => {
      const hold = { path, method, waiters: [] as (() => void)[] };
      holds.add(hold);
      return {
        get waiting() {
          return hold.waiters.length;
        },
        release: () => {
          holds.delete(hold);
          for (const resume of hold.waiters.splice(0)) resume();
        },
      };
    },
    takeFault: (method, path) => {
      const entry = faults.find(({ fault }) => (fault.method ?? method) === method && (fault.path?.test(path) ?? true));
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) faults = faults.filter((other) => other !== entry);
      return entry.fault;
    },
    waitForHolds: async (method, path) => {
      for (const hold of holds) {
        if ((hold.method ?? method) !== method || !hold.path.test(path)) continue;
        await new Promise<void>((resume) => {
          hold.waiters.push(resume);
          changed();
        });
      }
    },
    clear: () => {
      faults = [];
      for (const hold of holds) for (const resume of hold.waiters.splice(0)) resume();
      holds.clear();
      all.outage = null;
      all.latencyMs = 0;
    },
  };
  return all;
}
