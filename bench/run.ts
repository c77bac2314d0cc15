/**
 * Valid TKI checks against a store of 10,000 licenses, alternating in one run with an empty Express JSON handler on the
 * same Node, at 1, 32 and 128 connections. Machines are noisy and shared, so only the ratios mean something.
 *
 *   npm run bench -- [--seconds 5] [--rounds 3] [--licenses 10000]
 */
import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { latchkey, makePlace, startProgram } from '../test/prove/program.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    licenses: { type: 'string', default: '10000' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);

const place = await makePlace();
await latchkey(place, 'guild', 'add', '100000000000000001', '--name', 'Bench');
const { apiKey } = await latchkey<{ apiKey: { secret: string } }>(place, 'apikey', 'create', '--name', 'bench');
await latchkey(place, 'product', 'add', 'Bench', '--version', '1.0.0');
const { licenses } = await latchkey<{ licenses: { key: string }[] }>(
  place,
  'license',
  'issue',
  '--product',
  'Bench',
  '--amount',
  values.licenses,
);

const started = performance.now();
const server = await startProgram(place);
const body = (key: string) =>
  JSON.stringify({
    data: { product: 'Bench', version: '1.0.0', licensekey: key, ip: '198.51.100.7', hwid: 'bench-machine-0001' },
  });
const first = await fetch(`http://127.0.0.1:${String(place.port)}/api/license/auth`, {
  method: 'POST',
  headers: { authorization: apiKey.secret, 'content-type': 'application/json' },
  body: body(licenses[0]?.key ?? ''),
});
if (first.status !== 200)
  throw new Error(`the first check was answered ${String(first.status)}: ${await first.text()}`);
const coldStartMs = performance.now() - started;

const express = fork(join(import.meta.dirname, 'empty-express.ts'));
const expressPort = await new Promise<number>((resolve) => {
  express.once('message', (message: { port: number }) => {
    resolve(message.port);
  });
});

// Spread over the whole store. Each connection of the load prepares all of them, so not every license has one.
const every = Math.max(1, Math.floor(licenses.length / 512));
const sampled = licenses.filter((_, index) => index % every === 0);
const requests = sampled.map(({ key }) => ({
  method: 'POST' as const,
  path: '/api/license/auth',
  headers: { authorization: apiKey.secret, 'content-type': 'application/json' },
  body: body(key),
}));

interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
}

async function measure(port: number, connections: number): Promise<Measured> {
  const result = await autocannon({
    url: `http://127.0.0.1:${String(port)}`,
    connections,
    duration: seconds,
    requests,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${String(result.non2xx + result.errors)} requests were not answered 200`);
  return { perSecond: result.requests.average, p99Ms: result.latency.p99 };
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

// Warm both up, so that neither is measured while it is still compiled.
await measure(place.port, 32);
await measure(expressPort, 32);

console.log('connections  check/s  p99 ms  express/s  p99 ms  ratio');
for (const connections of [1, 32, 128]) {
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measure(place.port, connections));
    theirs.push(await measure(expressPort, connections));
  }
  const ratios = ours.map((our, round) => our.perSecond / (theirs[round]?.perSecond ?? Number.NaN));
  console.log(
    [
      String(connections).padStart(11),
      median(ours.map((r) => r.perSecond))
        .toFixed(0)
        .padStart(8),
      median(ours.map((r) => r.p99Ms))
        .toFixed(0)
        .padStart(7),
      median(theirs.map((r) => r.perSecond))
        .toFixed(0)
        .padStart(10),
      median(theirs.map((r) => r.p99Ms))
        .toFixed(0)
        .padStart(7),
      median(ratios).toFixed(2).padStart(6),
    ].join(' '),
  );
}
console.log(`cold start to the first answer with ${values.licenses} licenses: ${coldStartMs.toFixed(0)} ms`);
console.log(`resident memory after the load: ${await residentMb(server.pid)} MB`);

express.kill();
await server.end('SIGTERM');
await rm(place.dataDir, { recursive: true });

async function residentMb(pid: number): Promise<string> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kb = /VmRSS:\s+(\d+)/.exec(status)?.[1];
  return kb ? (Number(kb) / 1024).toFixed(0) : 'unknown';
}
