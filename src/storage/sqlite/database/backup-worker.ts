import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';

// The thread that backup.ts starts: copying a large store takes seconds, in which the main thread answers checks.

export interface BackupWork {
  readonly from: string;
  readonly to: string;
}

const { from, to } = workerData as BackupWork;
const database = new DatabaseSync(from, { timeout: 5_000 });
try {
  database.prepare('VACUUM INTO ?').run(to);
} finally {
  database.close();
}
