export interface Turns {
  /** Resolves in a turn of the event loop that was given to no other caller; in the order of the calls. */
  next(): Promise<void>;
}

/**
 * Divides long work into turns of the event loop: each caller does a few milliseconds of it after `next`. However many
 * call, only one of them goes on in each turn, so that checks are answered in between.
 */
export function createTurns(): Turns {
  const waiting: (() => void)[] = [];

  function give(): void {
    waiting.shift()?.();
    if (waiting.length > 0) setImmediate(give);
  }

  return {
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(give);
      }),
  };
}
