export interface WaitOptions {
  /** What is waited for, for the message when it does not come. */
  readonly what?: string;
  /** Only a guard against waiting for ever. */
  readonly timeoutMs?: number;
}

export interface Waiting {
  readonly changed: () => void;
  /** Calls the listener after every change; answers how to stop that. */
  readonly onChange: (listener: () => void) => () => void;
  /** Resolves with the first value that is neither undefined, null nor false; looked for whenever something happens. */
  readonly until: <T>(find: () => T | undefined | null | false, options?: WaitOptions) => Promise<T>;
}

/** Lets tests wait for a state by events, not by looking again and again. */
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
    // After the change that is under way is complete.
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
