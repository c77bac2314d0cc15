import { randomUUID } from 'node:crypto';
import { MongoMemoryReplSet } from 'mongodb-memory-server-core';
import { findMongod } from '../../test/support/find-mongod.ts';
import { startLatchkey } from '../latchkey-server.ts';
import { startLoadClient } from '../load/load-client.ts';
import type { BenchOptions } from '../options.ts';
import type { ContenderSet, Part } from '../report/results.ts';
import { startBaseline } from '../servers.ts';
import { fillStore } from '../store/fill-store.ts';
import { findAndInsert, findOne } from './contender-names.ts';
import { baseline, validChecks } from './contenders.ts';
import * as kinds from './kinds-of-checks.ts';
import { type ContenderPlan, measureSet, type SetPlan } from './measure-set.ts';

const usualConnections = [32, 128];

/**
 * Measures the store on MongoDB on a replica set of its own, in turns with two Express handlers on the same set. One does
 * a `findOne` per request. The other also does an `insertOne` that waits for a majority, which is what recording an
 * attempt would cost if attempts were not written in groups.
 */
export async function measureMongodb(options: BenchOptions, members: number): Promise<Pick<Part, 'sets' | 'figures'>> {
  const { seconds, rounds, isChosen, onProgress } = options;
  const count = options.licenses.few;
  const binary = await findMongod();
  if (binary === null) throw new Error('There is no mongod: put one into PATH or name it in MONGOMS_SYSTEM_BINARY.');
  process.env.MONGOMS_SYSTEM_BINARY = binary;
  process.env.MONGOMS_SYSTEM_BINARY_VERSION_CHECK = 'false';
  const set = await MongoMemoryReplSet.create({ replSet: { count: members, storageEngine: 'wiredTiger' } });
  const client = startLoadClient();
  const sets: ContenderSet[] = [];
  try {
    const place = { uri: set.getUri(`latchkey-${randomUUID()}`) };
    await fillStore(place, { licenses: count, blacklist: 0, attempts: 0 });
    const server = await startLatchkey(place);
    const stage = { server, place, licenses: { first: 0, count } };
    const find = await startBaseline('mongodb-baseline.ts', [set.getUri('baseline'), 'find', String(count)]);
    const insert = await startBaseline('mongodb-baseline.ts', [
      set.getUri('baseline'),
      'find-and-insert',
      String(count),
    ]);

    const handlers = [baseline(findOne, find), baseline(findAndInsert, insert)];
    const valid = validChecks(server, stage.licenses);
    const measure = async (name: SetPlan['name'], contenders: readonly ContenderPlan[], at: readonly number[]) => {
      for (const connections of isChosen(name) ? at : []) {
        onProgress(`${name}, ${connections} connections`);
        sets.push(await measureSet(client, { name, connections, contenders }, { seconds, rounds }));
      }
    };
    await measure('tki', [...handlers, valid], options.connections ?? usualConnections);
    const [usual = 32] = options.connections ?? usualConnections;
    const beside = [handlers[0] ?? valid, valid];
    await measure('protocols', [...beside, ...kinds.protocolChecks(stage).slice(1)], [usual]);
    await measure('refused', [...beside, ...kinds.refusals(stage)], [usual]);
    await measure('first-use', [...beside, kinds.firstUses(stage)], [usual]);
    await measure('refreshing', [...beside, kinds.refreshingChecks(stage, seconds)], [usual]);
    await measure('mixed', [...beside, kinds.mixed(stage)], [usual]);
    for (const running of [server, find, insert]) await running.end();
    return { sets, figures: [] };
  } finally {
    client.stop();
    await set.stop();
  }
}
