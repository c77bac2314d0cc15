import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { createInstallation, latchkey, startProgram } from '../test/reliability/program.ts';
import { type BenchOptions, createShop, measure, printRow, residentMb, type Shop, startBaseline } from './load.ts';

export const floodNames = [
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

const titles = ['flood              ', 'checks', 'quiet p99 ms', 'p99 ms', 'ratio', 'memory MB'];
const widths = titles.map(({ length }) => length);
const pauseMs = 20;
const settleMs = 2_000;
/** Until the windows of the rate limit have ended and their memory was given back. */
const restSeconds = 130;

/**
 * Measures how long another client waits for its checks during each flood, compared to the seconds before it. Floods run
 * in a process of their own, but share the machine, so compare only the ratios of one machine.
 */
export async function benchFloods({ seconds, licenses }: BenchOptions): Promise<void> {
  const installation = await createInstallation({
    LATCHKEY_HTTP_TRUSTED_PROXIES: 'loopback',
    LATCHKEY_RATE_LIMIT_LICENSEGATE: '100',
  });
  const { requests } = await createShop(installation, Math.max(1_000, licenses));
  const scopes = ['--scopes', 'licenses:read'];
  const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(
    installation,
    ...['apikey', 'create', '--name', 'lists', ...scopes],
  );
  const authorization = `Authorization: ${apiKey.secret}`;
  const list = `GET /admin/licenses?take=1000&includeLogs=true HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${authorization}\r\n\r\n`;
  const server = await startProgram(installation);
  const [check] = requests;
  if (!check) throw new Error('There are no licenses.');
  const bystander = createBystander(installation.port, check);

  // A server that has just started would still grow by itself.
  await measure(installation.port, 32, seconds, requests);
  await bystander(seconds);
  console.log(`memory before: ${await residentMb(server.pid)} MB`);
  printRow(titles, widths);
  for (const name of floodNames) {
    const quiet = await bystander(seconds);
    const flood = await startBaseline('flood.ts', name, String(installation.port), bytesOf(check), list);
    await wait(settleMs);
    const during = await bystander(seconds);
    const memory = await residentMb(server.pid);
    flood.end();
    await wait(settleMs);
    const ratio = (during.p99Ms / quiet.p99Ms).toFixed(1);
    const cells = [during.count, quiet.p99Ms.toFixed(0), during.p99Ms.toFixed(0), ratio, memory];
    printRow([name.padEnd(widths[0] ?? 0), ...cells], widths);
  }
  console.log(`memory after: ${await residentMb(server.pid)} MB`);
  await bystander(restSeconds);
  console.log(`memory ${String(restSeconds)} s later: ${await residentMb(server.pid)} MB`);
  await server.end('SIGTERM');
  await rm(installation.dataDir, { recursive: true });
}

type Check = Shop['requests'][number];

function bytesOf({ path, headers, body }: Check): string {
  const text = String(body);
  const lines = Object.entries({ host: 'x', ...headers, 'content-length': String(Buffer.byteLength(text)) });
  return `POST ${String(path)} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${String(value)}\r\n`).join('')}\r\n${text}`;
}

/** A client that sends a check every 20 ms on a connection of its own, and the latency that 99 of 100 checks had at most. */
function createBystander(port: number, { path, headers, body }: Check) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      const options = {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: String(path),
        headers: headers as object,
      };
      const outgoing = request({ ...options, headers: { ...options.headers } }, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`a check was answered ${String(response.statusCode)}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return async (seconds: number) => {
    const latencies: number[] = [];
    for (const end = performance.now() + seconds * 1_000; performance.now() < end;) {
      const sentAt = performance.now();
      await ask();
      latencies.push(performance.now() - sentAt);
      await wait(pauseMs);
    }
    latencies.sort((a, b) => a - b);
    return { count: latencies.length, p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN };
  };
}
