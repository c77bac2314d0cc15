import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { type LatchkeyServer, startLatchkey } from '../latchkey-server.ts';
import type { StorePlace } from '../store/fill-store.ts';
import type { MonitorAnswer, MonitorOrder } from './monitor-messages.ts';

export interface MonitoredServer extends LatchkeyServer {
  /** Gives the monitor in the server an order. Rejects where it fails, or the server ends. */
  order(order: MonitorOrder): Promise<MonitorAnswer>;
  isRunning(): boolean;
  /** Rejects once the server ends. */
  readonly ended: Promise<never>;
}

/** Starts Latchkey with the monitor in its process. */
export async function startMonitoredServer(place: StorePlace, env: NodeJS.ProcessEnv): Promise<MonitoredServer> {
  const monitor = pathToFileURL(join(import.meta.dirname, 'monitor.ts')).href;
  const server = await startLatchkey(place, { env, nodeArgs: ['--import', monitor] });
  const { process } = server;
  const ended = new Promise<never>((_, reject) => {
    process.once('exit', (code, signal) => {
      reject(new Error(`The server ended with ${signal ?? `exit code ${String(code)}`}.`));
    });
  });
  // Nobody may be waiting for it.
  ended.catch(() => undefined);
  const answerTo = (order: MonitorOrder) =>
    new Promise<MonitorAnswer>((resolve, reject) => {
      process.once('message', (answer: MonitorAnswer) => {
        if (answer.type === 'failed') reject(new Error(answer.reason));
        else resolve(answer);
      });
      process.send(order, (error: Error | null) => {
        if (error) reject(error);
      });
    });
  return {
    ...server,
    isRunning: () => process.exitCode === null && process.signalCode === null,
    ended,
    order: (order) => Promise.race([answerTo(order), ended]),
  };
}
