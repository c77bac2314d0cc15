import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The `workerData` of checkpoint-worker.js. */
interface CheckpointWork {
  readonly file: string;
  readonly everyMs: number;
  /** From this many pages in the log on, writers wait for a checkpoint that lets the log start over. */
  readonly restartPages: number;
  /** From this many pages on, if such a checkpoint found no gap between writers, the main thread makes one. */
  readonly maxPages: number;
}

export interface Checkpoints {
  stop(): Promise<void>;
}

const everyMs = 100;
/** 16 MB of 4 kB pages. */
const restartPages = 4_096;
/** 64 MB. */
const maxPages = 16_384;

export interface CheckpointOptions {
  /**
   * Called when the log has `maxPages` and the thread found no gap between writers: the main thread has to checkpoint.
   */
  readonly onLogTooLong: () => void;
  /** Called when the thread failed: from now on the main thread has to make the checkpoints. */
  readonly onFailure: (error: unknown) => void;
}

/** Starts a thread that writes the write-ahead log of `file` back into the database. */
export function startCheckpoints(file: string, { onLogTooLong: onTooMany, onFailure }: CheckpointOptions): Checkpoints {
  const workerData: CheckpointWork = { file, everyMs, restartPages, maxPages };
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
