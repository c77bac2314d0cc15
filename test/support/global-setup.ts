import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GlobalConfig } from 'jest';
import { startMongod, stopMongod } from './mongod-setup.ts';

const memory = '/dev/shm';
const enoughMemory = 4 * 1024 ** 3;

let folder: string | undefined;

/**
 * Before all test files. Their temporary folders are in memory where there is room, because each of the many small writes
 * of a store waits for the disk; all of them are gone after the last test.
 */
export default async function setUp(globalConfig: GlobalConfig): Promise<void> {
  folder = mkdtempSync(join(hasMemory() ? memory : tmpdir(), 'latchkey-tests-'));
  process.env.TMPDIR = folder;
  // The many processes that tests start load compiled code, as the program does from its second start on.
  process.env.NODE_COMPILE_CACHE ??= join(globalConfig.rootDir, 'node_modules/.cache/latchkey');
  // The library ends a mongod whose starter died, but leaves its files.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void tearDown().finally(() => process.kill(process.pid, signal)));
  }
  await startMongod(globalConfig);
}

export async function tearDown(): Promise<void> {
  await stopMongod();
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > enoughMemory;
  } catch {
    return false;
  }
}
