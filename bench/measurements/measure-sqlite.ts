import type { BenchOptions } from '../options.ts';
import { startLoadClient } from '../load/load-client.ts';
import type { ContenderSet, Figure, Part } from '../report/results.ts';
import { certificate } from '../servers.ts';
import { bareHttp, besideAttempts, express, fewTitle } from './contender-names.ts';
import { baseline, validChecks } from './contenders.ts';
import { measureStarts } from './cold-starts.ts';
import { measureMemory, measureOpenLoad, measureSignatures } from './figures.ts';
import * as kinds from './kinds-of-checks.ts';
import { measureSet, type SetPlan } from './measure-set.ts';
import { createStages } from './stages.ts';

const usualConnections = [32];
const manyConnections = [1, 32, 128, 1_024];
/** `--seconds` may ask for longer. */
const fullLoadSeconds = 60;

/** Measures the embedded store, in turns with baselines on the same Node. */
export async function measureSqlite(options: BenchOptions): Promise<Pick<Part, 'sets' | 'figures'>> {
  const { seconds, rounds, licenses, isChosen, onProgress } = options;
  const client = startLoadClient();
  const stages = createStages();
  const sets: ContenderSet[] = [];
  const figures: Figure[] = [];
  const size = (count: number, more: { blacklist?: number; attempts?: number } = {}) => {
    return { licenses: count, blacklist: 0, attempts: 0, ...more };
  };
  const few = () => stages.store(size(licenses.few));
  const many = () => stages.store(size(licenses.many));
  const emptyHandler = async () => baseline(express, await stages.baseline('express-baseline.ts'));
  const leastServer = async () => baseline(bareHttp, await stages.baseline('http-baseline.ts'));
  const valid = (stage: kinds.Stage, name?: string) => validChecks(stage.server, stage.licenses, name);

  async function measure(set: SetPlan): Promise<void> {
    onProgress(`${set.name}, ${set.connections} connections`);
    sets.push(await measureSet(client, set, { seconds, rounds }));
  }

  /** Measures kinds of checks on a store next to valid checks of TKI Auth and the empty handler. */
  async function compare(
    name: SetPlan['name'],
    open: () => Promise<kinds.Stage>,
    of: (stage: kinds.Stage) => SetPlan['contenders'],
  ) {
    if (!isChosen(name)) return;
    const stage = await open();
    const contenders = [await emptyHandler(), valid(stage), ...of(stage)];
    for (const connections of options.connections ?? usualConnections) await measure({ name, connections, contenders });
  }

  try {
    if (isChosen('tki')) {
      const contenders = [await emptyHandler(), await leastServer(), valid(await few())];
      for (const connections of options.connections ?? manyConnections)
        await measure({ name: 'tki', connections, contenders });
    }
    await compare('protocols', few, (stage) => kinds.protocolChecks(stage).slice(1));
    if (isChosen('many')) {
      const stage = await many();
      const contenders = [await emptyHandler(), valid(await few(), fewTitle), ...kinds.protocolChecks(stage)];
      await measure({ name: 'many', connections: 32, contenders });
    }
    await compare('refused', few, kinds.refusals);
    await compare('first-use', few, (stage) => [kinds.firstUses(stage)]);
    await compare('refreshing', many, (stage) => [kinds.refreshingChecks(stage, seconds)]);
    await compare('mixed', few, (stage) => [kinds.mixed(stage)]);
    if (isChosen('attempts')) {
      const more = { blacklist: options.blacklist };
      const empty = await stages.store(size(licenses.many, more));
      const full = await stages.store(size(licenses.many, { ...more, attempts: options.attempts }));
      const contenders = [await emptyHandler(), valid(empty), valid(full, besideAttempts)];
      await measure({ name: 'attempts', connections: 32, contenders });
    }
    if (isChosen('challenge')) {
      await compare('challenge', few, (stage) => [kinds.challenges(stage)]);
      figures.push(await measureSignatures(client, await few(), options));
    }
    await measureConnections();
    if (isChosen('open-load')) {
      onProgress('a steady rate of requests');
      figures.push(await measureOpenLoad(client, await few(), options));
    }
    if (isChosen('memory')) {
      const duration = options.isQuick ? seconds : Math.max(fullLoadSeconds, seconds);
      onProgress(`memory under full load for ${duration} s`);
      const stage = await stages.store(size(licenses.many, { blacklist: options.blacklist }));
      figures.push(await measureMemory(client, stage, duration));
    }
    if (isChosen('start')) {
      onProgress('cold starts');
      figures.push(
        ...(await measureStarts(
          [
            { name: 'start-few', dir: await stages.folder(size(licenses.few)) },
            { name: 'start-many', dir: await stages.folder(size(licenses.many)) },
            { name: 'start-blacklist', dir: await stages.folder(size(licenses.few, { blacklist: options.blacklist })) },
          ],
          rounds,
        )),
      );
    }
    return { sets, figures };
  } finally {
    client.stop();
    await stages.end();
  }

  /** Connections of one request each, and both forms over TLS. */
  async function measureConnections(): Promise<void> {
    if (isChosen('connections')) {
      const contenders = [await emptyHandler(), await leastServer(), valid(await few())];
      await measure({ name: 'connections', connections: 32, keepAlive: false, contenders });
    }
    if (isChosen('tls')) {
      const handler = await stages.baseline('express-baseline.ts', [certificate.cert, certificate.key], true);
      const stage = await stages.store(size(licenses.few), { tls: true });
      const contenders = [baseline(express, handler), valid(stage)];
      for (const keepAlive of [true, false]) await measure({ name: 'tls', connections: 32, keepAlive, contenders });
    }
  }
}
