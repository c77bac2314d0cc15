import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// Started by checkpoints.ts: writes the log back into the database beside the server's thread, where a checkpoint
// would hold up a group of checks by milliseconds.

export interface CheckpointWork {
  readonly file: string;
  readonly everyMs: number;
  /** With so many pages in the log it begins anew, though writers then wait for a moment. */
  readonly restartPages: number;
}

const { file, everyMs, restartPages } = workerData as CheckpointWork;
const database = new DatabaseSync(file, { timeout: 20 });
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)');

const timer = setInterval(() => {
  try {
    // Under steady load the log never is written back to its end, so that it would grow for ever.
    if ((passive.get()?.log as number) >= restartPages) restart.get();
  } catch {
    // A full or failing disk shows at the checks; the log keeps what they committed until this works again.
  }
}, everyMs);

parentPort?.once('message', () => {
  clearInterval(timer);
  database.close();
});
