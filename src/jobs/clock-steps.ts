/** Calls `onStep` each time that the clock of this machine was set by more than 30 s, until it is stopped. */
export type WatchClockSteps = (onStep: () => void, parts?: Parts) => { stop(): void };

interface Parts {
  readonly wallMs: () => number;
  /** Goes on evenly, whatever becomes of the clock. */
  readonly elapsedMs: () => number;
  readonly startInterval: (everyMs: number, onTick: () => void) => { stop(): void };
}

const maxDriftMs = 30_000;
/** Short, so that a step is noticed before a timer of node-cron, of which each fires once a minute. */
const lookEveryMs = 1_000;

const systemParts: Parts = {
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  startInterval: (everyMs, onTick) => {
    const timer = setInterval(onTick, everyMs);
    return {
      stop: () => {
        clearInterval(timer);
      },
    };
  },
};

export const watchClockSteps: WatchClockSteps = (onStep, parts = systemParts) => {
  const difference = () => parts.wallMs() - parts.elapsedMs();
  let before = difference();
  return parts.startInterval(lookEveryMs, () => {
    const now = difference();
    const isStep = Math.abs(now - before) > maxDriftMs;
    // The clock is also corrected in small amounts, which do not add up to a step: they are compared with the last look.
    before = now;
    if (isStep) onStep();
  });
};
