// Started by checkpoints.ts: writes the log back into the database beside the server's thread, where a checkpoint
// would hold up a group of checks by milliseconds. Plain JavaScript, because a thread that strips types takes 18 MB more.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

const { file, everyMs, restartPages, tooManyPages } = workerData;
const database = new DatabaseSync(file, { timeout: 20 });
const passive = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)');

const timer = setInterval(() => {
  try {
    // Under steady load the log never is written back to its very end, so that it would grow for ever.
    const { log: pages } = passive.get();
    if (pages < restartPages) return;
    const { busy } = restart.get();
    if (busy === 1 && pages >= tooManyPages) parentPort.postMessage('too many');
  } catch {
    // A full or failing disk shows at the checks; the log keeps what they committed until this works again.
  }
}, everyMs);

parentPort.once('message', () => {
  clearInterval(timer);
  database.close();
});
