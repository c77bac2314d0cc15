import { rm } from 'node:fs/promises';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { createInstallation, startProgram } from '../test/reliability/program.ts';
import { findMongod } from '../test/support/find-mongod.ts';
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

const titles = ['connections', 'check/s', 'p99 ms', 'find/s', 'p99 ms', 'ratio', 'find+insert/s', 'p99 ms', 'ratio'];
const widths = titles.map(({ length }) => length);

/**
 * Measures valid TKI checks on a replica set, in turns with two Express handlers on the same set. One does a `findOne` per
 * request. The other also does an `insertOne` that waits for a majority, which is what recording an attempt would cost if
 * attempts were not written in groups.
 */
export async function benchMongodb({ seconds, rounds, licenses }: BenchOptions, members: number): Promise<void> {
  const binary = await findMongod();
  if (binary === null) throw new Error('There is no mongod: put one into PATH or name it in MONGOMS_SYSTEM_BINARY.');
  process.env.MONGOMS_SYSTEM_BINARY = binary;
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
  const set = await MongoMemoryReplSet.create({ replSet: { count: members, storageEngine: 'wiredTiger' } });
  const installation = await createInstallation({ MONGODB_URI: set.getUri('latchkey') });
  const { requests, keys } = await createShop(installation, licenses);
  const server = await startProgram(installation);
  const handlers = [
    await startBaseline('mongodb-baseline.ts', set.getUri('baseline'), 'find', String(keys.length)),
    await startBaseline('mongodb-baseline.ts', set.getUri('baseline'), 'find-and-insert', String(keys.length)),
  ];
  const ports = [installation.port, ...handlers.map(({ port }) => port)];
  for (const port of ports) await measure(port, 32, seconds, requests);

  console.log(`MongoDB, ${String(members)} member${members === 1 ? '' : 's'}`);
  printRow(titles, widths);
  for (const connections of [8, 32, 128]) {
    const measured: Measured[][] = ports.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [index, port] of ports.entries()) {
        measured[index]?.push(await measure(port, connections, seconds, requests));
      }
    }
    const [ours = [], find = [], findAndInsert = []] = measured;
    printRow(
      [
        connections,
        ...cellsOf(ours),
        ...cellsOf(find),
        ratioOf(ours, find),
        ...cellsOf(findAndInsert),
        ratioOf(ours, findAndInsert),
      ],
      widths,
    );
  }
  console.log(`resident memory after the load: ${await residentMb(server.pid)} MB`);

  for (const handler of handlers) handler.end();
  await server.end('SIGTERM');
  await set.stop();
  await rm(installation.dataDir, { recursive: true });
}
