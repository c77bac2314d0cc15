import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { latchkey, type Place } from '../test/reliability/program.ts';

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly licenses: number;
}

type Requests = readonly autocannon.Request[];

/** A store with so many licenses of one product, and the checks of them. */
export interface Shop {
  readonly requests: Requests;
  readonly keys: readonly string[];
}

const maxAtOnce = 10_000;

export async function makeShop(place: Place, amount: number): Promise<Shop> {
  await latchkey(place, 'guild', 'add', '100000000000000001', '--name', 'Bench');
  const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(place, 'apikey', 'create', '--name', 'bench');
  await latchkey(place, 'product', 'add', 'Bench', '--version', '1.0.0');
  const keys: string[] = [];
  while (keys.length < amount) {
    const some = String(Math.min(maxAtOnce, amount - keys.length));
    const issue = ['license', 'issue', '--product', 'Bench', '--amount', some] as const;
    const { licenses } = await latchkey<{ licenses: { key: string }[] }>(place, ...issue);
    keys.push(...licenses.map(({ key }) => key));
  }
  const headers = { authorization: apiKey.secret, 'content-type': 'application/json' };
  const body = (licensekey: string) =>
    JSON.stringify({
      data: { product: 'Bench', version: '1.0.0', licensekey, ip: '198.51.100.7', hwid: 'bench-machine-0001' },
    });
  // Spread over the whole store. Each connection of the load prepares all of them, so not every license has one.
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

/** Medians of the rounds, as two cells. */
export function cellsOf(rounds: readonly Measured[]): readonly string[] {
  return [
    median(rounds.map(({ perSecond }) => perSecond)).toFixed(0),
    median(rounds.map(({ p99Ms }) => p99Ms)).toFixed(0),
  ];
}

/** How many times as many requests as the others, round by round. */
export function ratioOf(ours: readonly Measured[], theirs: readonly Measured[]): string {
  return median(ours.map((our, round) => our.perSecond / (theirs[round]?.perSecond ?? Number.NaN))).toFixed(2);
}

export function printRow(cells: readonly (string | number)[], widths: readonly number[]): void {
  console.log(cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join('  '));
}

/** A server of this folder in a process of its own, which ends with this one; its port. */
export async function startHandler(file: string, ...args: readonly string[]) {
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

export async function residentMb(pid: number): Promise<string> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb ? (Number(kb) / 1024).toFixed(0) : 'unknown';
}
