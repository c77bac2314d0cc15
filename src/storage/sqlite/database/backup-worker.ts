import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { vacuumInto } from './private-files.ts';

// The thread that backup.ts starts: copying and checking a large store takes seconds, in which the main thread answers
// checks.

export interface BackupWork {
  readonly from: string;
  readonly to: string;
}

const { from, to } = workerData as BackupWork;
const database = new DatabaseSync(from, { timeout: 5_000 });
try {
  vacuumInto(database, to);
} finally {
  database.close();
}

const copy = new DatabaseSync(to, { readOnly: true });
try {
  const [first] = copy.prepare('PRAGMA quick_check(1)').all();
  if (first?.quick_check !== 'ok') {
    throw new Error(`The copy is damaged (${String(first?.quick_check)}): the store or its disk may be, too.`);
  }
} finally {
  copy.close();
}
