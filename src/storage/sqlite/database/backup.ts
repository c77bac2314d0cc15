import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { syncFile } from '../../fsync.ts';
import { makeFile } from '../../../files/make-files.ts';
import type { BackupWork } from './backup-worker.ts';
import { asStoreError } from '../errors.ts';

/**
 * Copies a store, which may be in use, into a file that must not exist. The file gets its name once it is complete and
 * on the disk; until then it is called `.partial`.
 */
export async function backUp(store: string, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} exists already.`);
  const draft = `${file}.partial`;
  rmSync(draft, { force: true });
  makeFile(draft);
  const workerData: BackupWork = { from: store, to: draft };
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { workerData });
  try {
    await once(worker, 'exit');
  } catch (error) {
    rmSync(draft, { force: true });
    throw asStoreError(error);
  }
  syncFile(draft);
  renameSync(draft, file);
  syncFile(file);
}
