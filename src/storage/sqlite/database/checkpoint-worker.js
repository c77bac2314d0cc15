// The thread that checkpoints.ts starts. It writes the write-ahead log back into the database; on the main thread a
// checkpoint would delay a group of checks by milliseconds. This is plain JavaScript, because a thread that strips
// types takes 18 MB more memory.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { createCheckpointStep } from './checkpoint-step.js';

const { file, everyMs, ...limits } = workerData;
const database = new DatabaseSync(file, { timeout: 20 });
const step = createCheckpointStep(database, limits, () => parentPort.postMessage('log too long'));

const timer = setInterval(() => {
  try {
    step();
  } catch {
    // A full or failing disk is reported by the checks. The log keeps what they committed until a checkpoint works
    // again.
  }
}, everyMs);

parentPort.once('message', () => {
  clearInterval(timer);
  database.close();
});
