/** Timers as an argument, so that tests decide when time passes. */
export interface Timers {
  /** Calls back once after `ms` milliseconds; the returned function cancels that. */
  after(ms: number, callback: () => void): () => void;
}

export const systemTimers: Timers = {
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The value of the promise, or `late` when it takes longer than `ms`. A rejection after that is ignored. */
export async function within<T, L>(timers: Timers, ms: number, promise: Promise<T>, late: L): Promise<T | L> {
  let cancel = (): void => undefined;
  const deadline = new Promise<L>((resolve) => {
    cancel = timers.after(ms, () => {
      resolve(late);
    });
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    cancel();
  }
}
