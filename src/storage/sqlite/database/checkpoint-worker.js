// The thread that checkpoints.ts starts. It writes the write-ahead log back into the database; on the main thread a
// checkpoint would delay a group of checks by milliseconds. This is plain JavaScript, because a thread that strips
// types takes 18 MB more memory.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const { file, everyMs, restartPages, maxPages } = workerData;
const database = new DatabaseSync(file, { timeout: 20 });
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)');

const timer = setInterval(() => {
  try {
    // Under steady load a passive checkpoint never reaches the end of the log, and only a log that was written back to
    // its end starts over in the same file. So from `restartPages` on, writers wait for a checkpoint that reaches the
    // end.
    const { log: pages } = passive.get();
    if (pages < restartPages) return;
    const { busy } = restart.get();
    if (busy === 1 && pages >= maxPages) parentPort.postMessage('log too long');
  } catch {
    // A full or failing disk is reported by the checks. The log keeps what they committed until a checkpoint works
    // again.
  }
}, everyMs);

parentPort.once('message', () => {
  clearInterval(timer);
  database.close();
});
