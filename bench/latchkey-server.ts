import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { protocols } from '../src/domain/attempt.ts';
import { root } from '../test/reliability/program.ts';
import { freePort } from '../test/support/free-port.ts';
import { childExit } from './child-exit.ts';
import { grantedChecks } from './load/requests.ts';
import { sendLoad } from './load/send-load.ts';
import { certificate, type MeasuredServer } from './servers.ts';
import { masterKey, type StorePlace } from './store/fill-store.ts';

/** Limits that are counted as always, but never reached. */
const rateLimits = Object.fromEntries(
  protocols.map((name) => [`LATCHKEY_RATE_LIMIT_${name.toUpperCase()}`, '1000000000']),
);
const startTimeoutMs = 120_000;
const pollMs = 2;

export interface LatchkeyOptions {
  readonly tls?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** Arguments of Node. With them the server has a channel to this process. */
  readonly nodeArgs?: readonly string[];
}

export interface LatchkeyServer extends MeasuredServer {
  readonly process: ChildProcess;
  readonly env: NodeJS.ProcessEnv;
  /** From the start of the process to the answer to its first check. */
  readonly firstAnswerMs: number;
}

/** Starts Latchkey on a store of the bench, with guard, rate limits and metrics, and waits for its first grant. */
export async function startLatchkey(place: StorePlace, options: LatchkeyOptions = {}): Promise<LatchkeyServer> {
  const { tls = false, nodeArgs = [] } = options;
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LATCHKEY_HTTP_PORT: String(port),
    ...rateLimits,
    ...('dir' in place ? { LATCHKEY_DATA_DIR: place.dir } : { MONGODB_URI: place.uri }),
    ...(tls ? { LATCHKEY_HTTP_TLS_CERT: certificate.cert, LATCHKEY_HTTP_TLS_KEY: certificate.key } : {}),
    LATCHKEY_MASTER_KEY: masterKey.toString('base64'),
    LATCHKEY_OPS_PORT: String(await freePort()),
    LATCHKEY_ROLES: 'api',
    LATCHKEY_LOG_LEVEL: 'error',
    ...options.env,
  };
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['--max-semi-space-size=8', ...nodeArgs, 'index.js'], {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit', ...(nodeArgs.length > 0 ? (['ipc'] as const) : [])],
  });
  const exited = childExit(child);
  await waitForGrant(child, port, tls);
  return {
    process: child,
    env,
    firstAnswerMs: performance.now() - startedAt,
    pid: child.pid ?? 0,
    port,
    tls,
    end: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function waitForGrant(child: ChildProcess, port: number, tls: boolean): Promise<void> {
  const licenses = { first: 0, count: 1 };
  const oneCheck = {
    port,
    tls,
    connections: 1,
    keepAlive: true,
    licenses,
    eachOnce: true,
    seconds: 60,
    perSecond: null,
  };
  for (const endsAt = performance.now() + startTimeoutMs; ;) {
    try {
      const { failure } = await sendLoad({ ...oneCheck, templates: [grantedChecks.tki] }, () => undefined);
      if (failure === null) return;
      // The server could not answer in time, as a busy machine may keep it from doing while the store is opened.
      if (performance.now() > endsAt) throw new Error(failure);
      await wait(pollMs);
    } catch (error) {
      const isListening = (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED';
      if (isListening || child.exitCode !== null || performance.now() > endsAt) throw error;
      await wait(pollMs);
    }
  }
}
