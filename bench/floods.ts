import { setTimeout as wait } from 'node:timers/promises';
import { startLatchkey } from './latchkey-server.ts';
import { startLoadClient } from './load/load-client.ts';
import { prepareRequest } from './load/request-template.ts';
import { grantedChecks } from './load/requests.ts';
import type { BenchOptions } from './options.ts';
import { readResidentMb } from './process-stats.ts';
import { startBaseline } from './servers.ts';
import { prepareStore } from './store/prepare-store.ts';
import { world } from './store/world.ts';

const floodNames = [
  'slow heads',
  'slow bodies',
  'idle sockets',
  'pipelining',
  'unknown paths',
  'over the rate limit',
  'unknown keys',
  'ten long lists',
] as const;
export type FloodName = (typeof floodNames)[number];

const minSeconds = 5;
const settleMs = 2_000;
/** Until the windows of the rate limit have ended and their memory was given back. */
const restMs = 130_000;

/**
 * Measures how long another client waits for its checks during each flood, compared to the seconds before it. Floods run
 * in a process of their own, but share the machine, so compare only the ratios of one machine.
 */
export async function measureFloods({ seconds, licenses }: BenchOptions): Promise<void> {
  const dir = await prepareStore({ licenses: licenses.few, blacklist: 0, attempts: 0 });
  const env = { LATCHKEY_HTTP_TRUSTED_PROXIES: 'loopback', LATCHKEY_RATE_LIMIT_LICENSEGATE: '100' };
  const server = await startLatchkey({ dir }, { env });
  const client = startLoadClient();
  const load = (connections: number, perSecond: number | null) => {
    const range = { first: 0, count: licenses.few };
    const plan = { port: server.port, tls: false, connections, keepAlive: true, templates: [grantedChecks.tki] };
    return client.measure(
      { ...plan, licenses: range, eachOnce: false, seconds: Math.max(minSeconds, seconds), perSecond },
      server.pid,
    );
  };
  /** Another client, which sends a check every 20 ms on a connection of its own. */
  const bystander = () => load(1, 50);
  const memory = () => `${readResidentMb(server.pid)?.toFixed(0) ?? 'unknown'} MB`;

  const check = prepareRequest(grantedChecks.tki);
  check.fill(0, 0);
  const list =
    'GET /admin/licenses?take=1000&includeLogs=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\n' +
    `Authorization: ${world.managementKey}\r\n\r\n`;
  // A server that has just started would still grow by itself.
  await load(32, null);
  console.log(`memory before: ${memory()}`);
  for (const name of floodNames) {
    const quiet = await bystander();
    const flood = await startBaseline('flood.ts', [name, String(server.port), check.bytes.toString('latin1'), list]);
    await wait(settleMs);
    const during = await bystander();
    console.log(
      `${name.padEnd(20)} ${during.answered} checks; p99 ${quiet.p99Ms.toFixed(1)} ms before, ${during.p99Ms.toFixed(1)} ms ` +
        `meanwhile, ${(during.p99Ms / quiet.p99Ms).toFixed(1)} times; ${memory()}`,
    );
    await flood.end();
    await wait(settleMs);
  }
  console.log(`memory after: ${memory()}`);
  await wait(restMs);
  console.log(`memory ${restMs / 1000} s later: ${memory()}`);
  client.stop();
  await server.end();
}
