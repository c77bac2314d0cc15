export interface WaitOptions {
  /** A name of the awaited state, for the error message. */
  readonly what?: string;
  /** Ends a wait for a state that never comes with an error; 10 s where omitted. No test should depend on it. */
  readonly timeoutMs?: number;
}

export interface Waiting {
  /** Reports that something has changed. */
  readonly changed: () => void;
  /** Calls the listener after every change. Returns a function that removes the listener. */
  readonly onChange: (listener: () => void) => () => void;
  /** Calls `find` now and after every change. Resolves with its first value that is not undefined, null or false. */
  readonly until: <T>(find: () => T | undefined | null | false, options?: WaitOptions) => Promise<T>;
}

/** Lets tests wait for a state without polling. `describeSituation` completes the error of a wait that times out. */
export function createWaiting(describeSituation: () => string): Waiting {
  const checks = new Set<() => void>();
  let isScheduled = false;

  function checkAll(): void {
    isScheduled = false;
    for (const check of checks) check();
  }

  return {
    onChange: (listener) => {
      checks.add(listener);
      return () => checks.delete(listener);
    },
    // The listeners run later, when the change that is being made is complete, and once for several changes.
    changed: () => {
      if (isScheduled || checks.size === 0) return;
      isScheduled = true;
      setImmediate(checkAll);
    },
    until: (find, { what = 'the awaited state', timeoutMs = 10_000 } = {}) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          checks.delete(check);
          reject(new Error(`The local Discord waited ${timeoutMs} ms for ${what}. ${describeSituation()}`));
        }, timeoutMs);
        const check = () => {
          let found;
          try {
            found = find();
          } catch (error) {
            found = undefined;
            checks.delete(check);
            clearTimeout(timer);
            reject(error instanceof Error ? error : new Error(String(error)));
            return;
          }
          if (found === undefined || found === null || found === false) return;
          checks.delete(check);
          clearTimeout(timer);
          resolve(found);
        };
        checks.add(check);
        check();
      }),
  };
}
