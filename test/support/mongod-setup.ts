import { existsSync, globSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { GlobalConfig } from 'jest';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { findMongod } from './find-mongod.ts';

const variable = 'TEST_MONGODB_URI';

let shared: MongoMemoryReplSet | undefined;

/** Starts the one mongod that all test files share, where a test file that was asked for uses it and there is a mongod. */
export async function startMongod({ rootDir, testPathPatterns }: GlobalConfig): Promise<void> {
  const asked = testPathPatterns.toExecutor({ rootDir });
  const wanted = globSync('test/**/*.test.ts', { cwd: rootDir }).map((file) => join(rootDir, file));
  const seen = new Set<string>();
  if (!wanted.filter((file) => asked.isMatch(file)).some((file) => usesMongod(file, seen))) return;

  const systemBinary = await findMongod();
  if (systemBinary === null) {
    process.stderr.write(
      'The MongoDB part of the tests is skipped: there is no mongod. Put one into PATH, name one in ' +
        'MONGOMS_SYSTEM_BINARY, or run “bash .ci/run”, which gets one.\n',
    );
    return;
  }
  // Any version from 6.0 on will do.
  process.env.MONGOMS_SYSTEM_BINARY = systemBinary;
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
  shared = await MongoMemoryReplSet.create({
    replSet: { count: 1, storageEngine: 'wiredTiger' },
    // A busy machine takes longer than the 10 seconds that the library waits otherwise.
    instanceOpts: [{ dbPath: mkdtempSync(join(tmpdir(), 'latchkey-mongod-')), launchTimeout: 60_000 }],
  });
  process.env[variable] = shared.getUri();
}

export async function stopMongod(): Promise<void> {
  await shared?.stop();
  shared = undefined;
}

/** Whether this file, or one that it imports, reads the variable. */
function usesMongod(file: string, seen: Set<string>): boolean {
  // A missing file is reported when it is imported.
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  if (text.includes(`process.env.${variable}`)) return true;
  const imported = [...text.matchAll(/(?:from|import\() ?'(\.[^']+\.ts)'/g)];
  return imported.some(([, path = '']) => usesMongod(resolve(dirname(file), path), seen));
}
