import { fork } from 'node:child_process';
import { join } from 'node:path';
import { readMainThreadMs } from '../process-stats.ts';
import type { LoadMessage, LoadOrder, LoadPlan, LoadResult } from './plan.ts';

/** One load as it was measured: what the client saw, and what the server's main thread used for it. */
export interface Sample extends LoadResult {
  /** Microseconds of the server's main thread for one request; null: this system does not report it. */
  readonly cpuUs: number | null;
}

export interface LoadClient {
  /** Sends the load, and measures the process `pid` meanwhile. Rejects where a request is wrong. */
  measure(plan: LoadPlan, pid: number): Promise<Sample>;
  /** Ends the load that is being sent; `measure` then resolves. */
  endLoad(): void;
  stop(): void;
}

/** Starts a process that sends load. It ends with this process. */
export function startLoadClient(): LoadClient {
  const child = fork(join(import.meta.dirname, '..', 'processes', 'load-client.ts'));
  const order = (one: LoadOrder) => child.send(one);
  return {
    measure: (plan, pid) =>
      new Promise((resolve, reject) => {
        let usedBefore: number | null = null;
        const onMessage = (message: LoadMessage) => {
          if (message.type === 'begun') {
            usedBefore = readMainThreadMs(pid);
            return;
          }
          child.off('message', onMessage);
          if (message.type === 'failed') {
            reject(new Error(message.reason));
            return;
          }
          const used = readMainThreadMs(pid);
          const { result } = message;
          const requests = result.answered + result.failed;
          const cpuUs = used === null || usedBefore === null ? null : ((used - usedBefore) * 1000) / requests;
          resolve({ ...result, cpuUs });
        };
        child.on('message', onMessage);
        order(plan);
      }),
    endLoad: () => order('stop'),
    stop: () => {
      child.kill();
    },
  };
}
