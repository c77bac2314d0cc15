import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { type LatchkeyServer, startLatchkey } from '../latchkey-server.ts';
import type { StorePlace } from '../store/fill-store.ts';
import type { MonitorAnswer, MonitorOrder } from './monitor-messages.ts';

export interface MonitoredServer extends LatchkeyServer {
  /** Gives the monitor in the server an order. Rejects where it fails. */
  order(order: MonitorOrder): Promise<MonitorAnswer>;
}

/** Starts Latchkey with the monitor in its process. */
export async function startMonitoredServer(place: StorePlace, env: NodeJS.ProcessEnv): Promise<MonitoredServer> {
  const monitor = pathToFileURL(join(import.meta.dirname, 'monitor.ts')).href;
  const server = await startLatchkey(place, { env, nodeArgs: ['--import', monitor] });
  return {
    ...server,
    order: (order) =>
      new Promise((resolve, reject) => {
        server.process.once('message', (answer: MonitorAnswer) => {
          if (answer.type === 'failed') reject(new Error(answer.reason));
          else resolve(answer);
        });
        server.process.send(order);
      }),
  };
}
