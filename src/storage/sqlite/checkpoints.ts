import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the thread is told. */
interface CheckpointWork {
  readonly file: string;
  readonly everyMs: number;
  /** With so many pages in the log it is begun anew, though writers then wait for a moment. */
  readonly restartPages: number;
  /** With so many, the busy writer itself is asked to. */
  readonly tooManyPages: number;
}

export interface Checkpoints {
  stop(): Promise<void>;
}

const everyMs = 100;
/** 16 MB of 4 kB pages. */
const restartPages = 4_096;
/** 64 MB. */
const tooManyPages = 16_384;

export interface CheckpointOptions {
  /** Writers leave the thread no gap to begin the log anew: they are to do it. */
  readonly onTooMany: () => void;
  /** The thread ended, and somebody else has to write back. */
  readonly onFailure: (error: unknown) => void;
}

/** Keeps the log short from another thread. */
export function startCheckpoints(file: string, { onTooMany, onFailure }: CheckpointOptions): Checkpoints {
  const workerData: CheckpointWork = { file, everyMs, restartPages, tooManyPages };
  const worker = new Worker(new URL('./checkpoint-worker.js', import.meta.url), { workerData });
  worker.on('message', onTooMany);
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
