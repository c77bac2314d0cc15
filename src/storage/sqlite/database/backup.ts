import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { syncFile } from '../../fsync.ts';
import type { BackupWork } from './backup-worker.ts';
import { asStoreError } from '../errors.ts';
import { removeDatabase } from './private-files.ts';

/**
 * Copies a store, which may be in use, into a file that must not exist. The file gets its name once it is complete, was
 * checked and is on the disk; until then it is called `.partial`. A copy that fails leaves no file.
 */
export async function backUp(store: string, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} exists already.`);
  const draft = `${file}.partial`;
  try {
    removeDatabase(draft);
    const workerData: BackupWork = { from: store, to: draft };
    const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { workerData });
    await once(worker, 'exit');
    syncFile(draft);
    renameSync(draft, file);
    syncFile(file);
  } catch (error) {
    for (const left of [draft, file]) removeDatabase(left);
    throw asStoreError(error);
  }
}
