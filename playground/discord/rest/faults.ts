export interface Fault {
  readonly method?: string;
  /** Matched against the path after /api/v10. */
  readonly path?: RegExp;
  /** 0 cuts the connection instead of answering. */
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many requests it hits; 1 unless given. */
  readonly times?: number;
  /** Seconds, for 429. */
  readonly retryAfter?: number;
  /** Carry the request out, then answer with the fault: the answer was lost on the way. */
  readonly afterwards?: boolean;
}

export type Outage = 'errors' | 'refuse';

/** Requests that wait at the door. */
export interface Hold {
  /** How many wait now. */
  readonly waiting: number;
  readonly release: () => void;
}

export interface FaultBook {
  readonly inject: (fault: Fault) => void;
  readonly hold: (path: RegExp, method?: string) => Hold;
  /** The fault for this request, which counts as one of its times. */
  readonly take: (method: string, path: string) => Fault | undefined;
  /** Resolves when no hold keeps this request any more. */
  readonly pass: (method: string, path: string) => Promise<void>;
  readonly clear: () => void;
  outage: Outage | null;
  latencyMs: number;
}

export function createFaultBook(changed: () => void): FaultBook {
  let faults: { readonly fault: Fault; left: number }[] = [];
  const holds = new Set<{ path: RegExp; method: string | undefined; waiters: (() => void)[] }>();

  const book: FaultBook = {
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
          for (const go of hold.waiters.splice(0)) go();
        },
      };
    },
    take: (method, path) => {
      const entry = faults.find(({ fault }) => (fault.method ?? method) === method && (fault.path?.test(path) ?? true));
      if (!entry) return undefined;
      entry.left -= 1;
      if (entry.left <= 0) faults = faults.filter((other) => other !== entry);
      return entry.fault;
    },
    pass: async (method, path) => {
      for (const hold of holds) {
        if ((hold.method ?? method) !== method || !hold.path.test(path)) continue;
        await new Promise<void>((go) => {
          hold.waiters.push(go);
          changed();
        });
      }
    },
    clear: () => {
      faults = [];
      for (const hold of holds) for (const go of hold.waiters.splice(0)) go();
      holds.clear();
      book.outage = null;
      book.latencyMs = 0;
    },
  };
  return book;
}
