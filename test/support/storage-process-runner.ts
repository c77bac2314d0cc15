import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./storage-process.ts', import.meta.url));

/** Runs a command of storage-process.ts in another process on the same store, and returns its output. */
export async function runStorageProcess(
  connection: Readonly<Record<string, string>>,
  command: string,
  args: string,
): Promise<string> {
  const child = startStorageProcess(connection, command, args);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`storage-process ended with ${String(code)}`);
  return output.trim();
}

export function startStorageProcess(connection: Readonly<Record<string, string>>, command: string, args: string) {
  return spawn(process.execPath, [script, JSON.stringify(connection), command, ...args.split(' ')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
