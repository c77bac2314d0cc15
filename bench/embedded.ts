import { rm } from 'node:fs/promises';
import { createInstallation, startProgram } from '../test/reliability/program.ts';
import {
  type BenchOptions,
  cellsOf,
  createShop,
  measure,
  type Measured,
  printRow,
  ratioOf,
  residentMb,
  startBaseline,
} from './load.ts';

const titles = ['connections', 'check/s', 'p99 ms', 'express/s', 'p99 ms', 'ratio'];
const widths = titles.map(({ length }) => length);

/** Measures valid TKI checks on the embedded store, in turns with an empty Express JSON handler on the same Node. */
export async function benchEmbedded({ seconds, rounds, licenses }: BenchOptions): Promise<void> {
  const installation = await createInstallation();
  const { requests } = await createShop(installation, licenses);

  const started = performance.now();
  const server = await startProgram(installation);
  const [first] = requests;
  if (!first) throw new Error('There are no licenses.');
  const answer = await fetch(`http://127.0.0.1:${String(installation.port)}${String(first.path)}`, {
    method: 'POST',
    headers: first.headers as Record<string, string>,
    body: first.body as string,
  });
  if (answer.status !== 200)
    throw new Error(`the first check was answered ${String(answer.status)}: ${await answer.text()}`);
  const coldStartMs = performance.now() - started;
  const express = await startBaseline('express-baseline.ts');

  // The first round is not measured, because V8 is still compiling both servers during it.
  for (const port of [installation.port, express.port]) await measure(port, 32, seconds, requests);

  printRow(titles, widths);
  for (const connections of [1, 32, 128]) {
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await measure(installation.port, connections, seconds, requests));
      theirs.push(await measure(express.port, connections, seconds, requests));
    }
    printRow([connections, ...cellsOf(ours), ...cellsOf(theirs), ratioOf(ours, theirs)], widths);
  }
  console.log(`cold start to the first answer with ${String(licenses)} licenses: ${coldStartMs.toFixed(0)} ms`);
  console.log(`resident memory after the load: ${await residentMb(server.pid)} MB`);

  express.end();
  await server.end('SIGTERM');
  await rm(installation.dataDir, { recursive: true });
}
