import type { LoadClient } from '../load/load-client.ts';
import type { LoadPlan } from '../load/plan.ts';
import { challenged, grantedChecks } from '../load/requests.ts';
import { readPeakMemoryMb } from '../process-stats.ts';
import type { Figure } from '../report/results.ts';
import type { Stage } from './kinds-of-checks.ts';
import type { Rounds } from './measure-set.ts';
import { signaturesOfOneCore } from './openssl.ts';

const openLoad = { perSecond: 1_000, connections: 64, seconds: 10 } as const;

function planFor(
  { server, licenses }: Stage,
  own: Pick<LoadPlan, 'connections' | 'seconds'> & Partial<LoadPlan>,
): LoadPlan {
  return {
    ...{ port: server.port, tls: false, keepAlive: true, eachOnce: false, perSecond: null },
    templates: [grantedChecks.tki],
    licenses,
    ...own,
  };
}

/** The share of one core's signatures that checks with a challenge reach, in turns with OpenSSL. */
export async function measureSignatures(
  client: LoadClient,
  stage: Stage,
  { seconds, rounds }: Rounds,
): Promise<Figure> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const possible = await signaturesOfOneCore(seconds);
    const plan = planFor(stage, { connections: 32, seconds, templates: [challenged] });
    const { perSecond } = await client.measure(plan, stage.server.pid);
    values.push(perSecond / possible);
  }
  return { name: 'challenge-openssl', values };
}

/** The p99 latency while requests come at a steady rate, whether earlier ones were answered or not. */
export async function measureOpenLoad(client: LoadClient, stage: Stage, { seconds, rounds }: Rounds): Promise<Figure> {
  const { perSecond, connections } = openLoad;
  const plan = planFor(stage, { connections, perSecond, seconds: Math.max(openLoad.seconds / rounds, seconds) });
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) values.push((await client.measure(plan, stage.server.pid)).p99Ms);
  return { name: 'open-load-p99-ms', values };
}

/** The most memory that the server had resident, after full load for some seconds. */
export async function measureMemory(client: LoadClient, stage: Stage, seconds: number): Promise<Figure> {
  await client.measure(planFor(stage, { connections: 128, seconds }), stage.server.pid);
  const peak = readPeakMemoryMb(stage.server.pid);
  return { name: 'peak-memory-mb', values: peak === null ? [] : [peak] };
}
