import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CheckpointWork } from './checkpoint-worker.ts';

export interface Checkpoints {
  stop(): Promise<void>;
}

const everyMs = 100;
/** 16 MB of 4 kB pages. */
const restartPages = 4_096;

/** Keeps the log short from another thread. `onFailure`: it ended, and somebody else has to. */
export function startCheckpoints(file: string, onFailure: (error: unknown) => void): Checkpoints {
  const workerData: CheckpointWork = { file, everyMs, restartPages };
  const worker = new Worker(new URL('./checkpoint-worker.ts', import.meta.url), { workerData });
  worker.on('error', onFailure);
  worker.unref();
  const ended = once(worker, 'exit').catch(() => undefined);

  return {
    stop: async () => {
      worker.ref();
      worker.postMessage('stop');
      await ended;
    },
  };
}
