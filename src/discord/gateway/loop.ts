import type { Log } from '../../log/log.ts';
import type { Timers } from './timers.ts';

export interface Loop {
  start(): void;
  /** Takes the next step now, or right after the one under way. */
  wake(): void;
  /** Takes no more steps; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

export interface LoopParts {
  readonly name: string;
  readonly intervalMs: number;
  /** Takes one step; returns how long to wait before the next one, undefined for the interval. */
  readonly step: () => Promise<number | undefined>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Takes steps one after the other, never two at once. An error of a step is logged, and the next step follows. */
export function createLoop({ name, intervalMs, step, timers, log }: LoopParts): Loop {
  // An object instead of variables: `wake` and `stop` change it while a step runs, which TypeScript would not expect.
  const state = { running: null as Promise<void> | null, isWanted: false, isStopped: true };
  let cancel = (): void => undefined;
  const goesOn = () => state.isWanted && !state.isStopped;

  async function run(): Promise<void> {
    let waitMs = intervalMs;
    do {
      state.isWanted = false;
      try {
        waitMs = (await step()) ?? intervalMs;
      } catch (error) {
        waitMs = intervalMs;
        log.warn(`${name} failed and will go on`, { error });
      }
    } while (goesOn());
    state.running = null;
    if (!state.isStopped) cancel = timers.after(waitMs, begin);
  }

  function begin(): void {
    cancel();
    if (state.running) state.isWanted = true;
    else state.running = run();
  }

  return {
    start() {
      state.isStopped = false;
      begin();
    },
    wake() {
      if (!state.isStopped) begin();
    },
    async stop() {
      state.isStopped = true;
      cancel();
      await state.running;
    },
  };
}
