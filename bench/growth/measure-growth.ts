import { startLoadClient } from '../load/load-client.ts';
import type { BenchOptions } from '../options.ts';
import type { MeasuredOperation } from '../report/results.ts';
import { prepareMongodb, prepareStore } from '../store/prepare-store.ts';
import { setLastSeen } from '../store/set-last-seen.ts';
import { commandLineOperations } from './command-line-operations.ts';
import { commandOperations } from './command-operations.ts';
import { openGrowthWorld, withNewServer } from './growth-world.ts';
import { jobOperations } from './job-operations.ts';
import { describeOperation, measureOperation } from './measure-operation.ts';
import type { Operation } from './operation.ts';
import { panelOperations } from './panel-operations.ts';

/** Everything that people, panels and jobs do. What changes most comes last. */
const operations = (): readonly Operation[] => [
  ...panelOperations,
  ...commandLineOperations,
  ...commandOperations(),
  ...jobOperations,
];

/** Long enough for a blacklist to be loaded, which the first check begins. */
const warmUpPauses = { beforeMs: 3_000, leastMs: 1_000 };
/** Not measured: what is loaded and compiled by the first command and the first completion is not what they cost. */
const warmUps = () =>
  commandOperations().filter(({ name }) => name === '/help' || name.endsWith('completes product “”'));

/**
 * Carries out every operation on a large store, one after the other, while checks are answered. Prints each one as it
 * goes; with `--profile` also the stack that held the event loop for too long. An operation that fails, or ends the
 * server, does not end the run.
 */
export async function measureGrowth(options: BenchOptions): Promise<readonly MeasuredOperation[]> {
  const { licenses, isProfiled, store } = options;
  const chosen = operations()
    .filter(({ name }) => name.includes(options.operations))
    .filter(({ isEmbedded }) => store === 'sqlite' || isEmbedded !== true);
  options.onProgress(`${chosen.length} operations`);
  const { place, dir, stop } = await prepare(options);
  await setLastSeen(place, { first: 0, count: licenses.many }, new Date());
  let growth = await openGrowthWorld(place, dir);
  const client = startLoadClient();
  const how = { licenses: licenses.many, isProfiled };
  try {
    for (const operation of warmUps()) {
      await measureOperation(operation, growth, client, { ...how, isProfiled: false, pauses: warmUpPauses });
    }
    const measured: MeasuredOperation[] = [];
    for (const operation of chosen) {
      if (!growth.server.isRunning()) growth = await withNewServer(growth);
      const one = await measureOperation(operation, growth, client, how);
      console.log(describeOperation(one));
      measured.push(one);
    }
    return measured;
  } finally {
    client.stop();
    await growth.server.end();
    await growth.discord.stop();
    await stop();
  }
}

async function prepare({ licenses, blacklist, attempts, store }: BenchOptions) {
  const size = { licenses: licenses.many, blacklist, attempts };
  if (store === 'mongodb') {
    const mongod = await prepareMongodb(size);
    return { place: { uri: mongod.uri }, dir: mongod.dir, stop: () => mongod.stop() };
  }
  const dir = await prepareStore(size);
  return { place: { dir }, dir, stop: () => Promise.resolve() };
}
