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

/** Pauses that a process which stops can end. */
export interface Pauses {
  /** Resolves after so many milliseconds, or when all pauses are ended; at once where they already are. */
  pause(ms: number): Promise<void>;
  end(): void;
  isEnded(): boolean;
}

export function createPauses(timers: Timers): Pauses {
  const state = { isEnded: false };
  const wakes = new Set<() => void>();
  return {
    pause(ms) {
      if (state.isEnded) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          cancel();
          wakes.delete(wake);
          resolve();
        };
        const cancel = timers.after(ms, wake);
        wakes.add(wake);
      });
    },
    end() {
      state.isEnded = true;
      for (const wake of wakes) wake();
    },
    isEnded: () => state.isEnded,
  };
}

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
