import type { Log } from '../../log/log.ts';
import type { Timers } from './timers.ts';

export interface Loop {
  start(): void;
  /** Takes the next step now, or right after the one under way. */
  wake(): void;
  /** No more steps; settles when the one under way has ended. */
  stop(): Promise<void>;
}

export interface LoopParts {
  readonly name: string;
  readonly intervalMs: number;
  /** One step; answers how long to wait before the next (the interval where it says nothing). */
  readonly step: () => Promise<number | undefined>;
  readonly timers: Timers;
  readonly log: Log;
}

/** Takes steps one after the other, never two at once. A step that throws is logged and the next one comes all the same. */
export function createLoop({ name, intervalMs, step, timers, log }: LoopParts): Loop {
  // An object, because the steps and those who nudge change it behind each other's back.
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
