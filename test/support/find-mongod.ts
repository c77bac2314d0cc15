import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const downloadMs = 60_000;
const download = `
  const { MongoBinary } = await import('mongodb-memory-server-core');
  process.stdout.write(await MongoBinary.getPath());
`;

/** The mongod for tests: from MONGOMS_SYSTEM_BINARY, from PATH, or downloaded. null: there is none. */
export async function findMongod(): Promise<string | null> {
  return [process.env.MONGOMS_SYSTEM_BINARY, mongodInPath()].find(Boolean) ?? (await downloadedMongod());
}

function mongodInPath(): string | undefined {
  const name = process.platform === 'win32' ? 'mongod.exe' : 'mongod';
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The download runs in a process of its own, because only a process can be ended when it takes too long. */
async function downloadedMongod(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', download], {
      cwd: import.meta.dirname,
      timeout: downloadMs,
      killSignal: 'SIGKILL',
    });
    return stdout;
  } catch {
    return null;
  }
}
