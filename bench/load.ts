import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latchkey, type Installation } from '../test/reliability/program.ts';

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly licenses: number;
}

type Requests = readonly autocannon.Request[];

/** Licenses of one product in a store, and requests that check them. */
export interface Shop {
  readonly requests: Requests;
  readonly keys: readonly string[];
}

const maxAtOnce = 10_000;

/** Fills an empty store with a guild, an API key, a product and this number of licenses. */
export async function createShop(installation: Installation, amount: number): Promise<Shop> {
  await latchkey(installation, 'guild', 'add', '100000000000000001', '--name', 'Bench');
  const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(
    installation,
    'apikey',
    'create',
    '--name',
    'bench',
  );
  await latchkey(installation, 'product', 'add', 'Bench', '--version', '1.0.0');
  const keys: string[] = [];
  while (keys.length < amount) {
    const batch = String(Math.min(maxAtOnce, amount - keys.length));
    const issue = ['license', 'issue', '--product', 'Bench', '--amount', batch] as const;
    const { licenses } = await latchkey<{ licenses: { key: string }[] }>(installation, ...issue);
    keys.push(...licenses.map(({ key }) => key));
  }
  const headers = { authorization: apiKey.secret, 'content-type': 'application/json' };
  const body = (licensekey: string) =>
    JSON.stringify({
      data: { product: 'Bench', version: '1.0.0', licensekey, ip: '198.51.100.7', hwid: 'bench-machine-0001' },
    });
  // At most about 512 licenses, spread over the whole store, are checked: autocannon prepares all requests again for each
  // connection, which takes long for more.
  const every = Math.max(1, Math.floor(keys.length / 512));
  const requests = keys
    .filter((_, index) => index % every === 0)
    .map((key) => ({ method: 'POST' as const, path: '/api/license/auth', headers, body: body(key) }));
  return { keys, requests };
}

export interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Sends the requests over and over for some seconds. Throws if any answer is not 2xx. */
export async function measure(
  port: number,
  connections: number,
  seconds: number,
  requests: Requests,
): Promise<Measured> {
  const result = await autocannon({
    url: `http://127.0.0.1:${String(port)}`,
    connections,
    duration: seconds,
    requests: [...requests],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${String(result.non2xx + result.errors)} requests were not answered 200`);
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Two cells of a row: the medians of requests per second and of the p99 latency. */
export function cellsOf(rounds: readonly Measured[]): readonly string[] {
  return [
    median(rounds.map(({ perSecond }) => perSecond)).toFixed(0),
    median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(0),
  ];
}

/**
 * The median ratio of requests per second to the baseline. Each round is compared with the baseline of the same round,
 * because the speed of a shared machine changes over time.
 */
export function ratioOf(ours: readonly Measured[], theirs: readonly Measured[]): string {
  return median(ours.map((our, round) => our.perSecond / (theirs[round]?.perSecond ?? Number.NaN))).toFixed(2);
}

export function printRow(cells: readonly (string | number)[], widths: readonly number[]): void {
  console.log(cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join('  '));
}

/** Starts a baseline server of this folder in a process of its own, which ends when this process ends. */
export async function startBaseline(file: string, ...args: readonly string[]) {
  const child = fork(join(import.meta.dirname, file), args);
  const port = await new Promise<number>((resolve) => {
    child.once('message', (message: { port: number }) => {
      resolve(message.port);
    });
  });
  return {
    port,
    end: () => {
      child.kill();
    },
  };
}

/** The resident memory of a process in MB; `unknown` where /proc does not exist. */
export async function residentMb(pid: number): Promise<string> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb ? (Number(kb) / 1024).toFixed(0) : 'unknown';
}
