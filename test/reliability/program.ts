import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { request, Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.ts';

/** The project folder. */
export const root = join(import.meta.dirname, '..', '..');

const execFileAsync = promisify(execFile);

/** A data folder, and the environment in which the program uses it. */
export interface Installation {
  readonly dataDir: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
}

export async function createInstallation(extra: NodeJS.ProcessEnv = {}): Promise<Installation> {
  const dataDir = await mkdtemp(join(tmpdir(), 'latchkey-'));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LATCHKEY_DATA_DIR: dataDir,
    LATCHKEY_HTTP_PORT: String(port),
    LATCHKEY_OPS_PORT: '0',
    LATCHKEY_LOG_FORMAT: 'json',
    LATCHKEY_RATE_LIMIT_TKI: '0',
    ...extra,
  };
  return { dataDir, port, env };
}

export interface RunningProgram {
  readonly pid: number;
  /** Ends it and waits until it is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

// However this process ends, it ends the programs that it started.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1));

/** Starts the program as `npm start` does, in a process of its own. Resolves when it listens. */
export async function startProgram(installation: Installation): Promise<RunningProgram> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', 'index.js'], {
    cwd: root,
    env: installation.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.add(child);
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      running.delete(child);
      resolve();
    }),
  );
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes(`:${String(installation.port)}`)) resolve();
      });
    }),
    exited.then(() => {
      throw new Error('the program ended before it listened');
    }),
  ]);
  return {
    pid: child.pid ?? 0,
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}

/** Runs `latchkey … --json` and returns its output. */
export async function latchkey<T>(installation: Installation, ...args: string[]): Promise<T> {
  const { stdout } = await execFileAsync(process.execPath, ['index.js', ...args, '--json'], {
    cwd: root,
    env: installation.env,
    maxBuffer: 1 << 30,
  });
  return JSON.parse(stdout) as T;
}

export interface CheckResponse {
  readonly status: number;
  readonly text: string;
}

export interface TkiData {
  readonly product: string;
  readonly version: string;
  readonly licensekey: string;
  readonly ip: string;
  readonly hwid: string;
}

/** A client program with its own connections. `check` rejects if the answer does not arrive completely. */
export function createClient(installation: Installation, apiKey: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    check(data: TkiData, userAgent = 'reliability'): Promise<CheckResponse> {
      const body = JSON.stringify({ data });
      return new Promise((resolve, reject) => {
        const sent = request(
          {
            agent,
            host: '127.0.0.1',
            port: installation.port,
            path: '/api/license/auth',
            method: 'POST',
            headers: {
              authorization: apiKey,
              'user-agent': userAgent,
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            },
          },
          (response) => {
            const parts: Buffer[] = [];
            response.on('data', (part: Buffer) => parts.push(part));
            response.on('error', reject);
            response.on('end', () => {
              if (response.complete)
                resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
              else reject(new Error('cut off'));
            });
          },
        );
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close() {
      agent.destroy();
    },
  };
}
