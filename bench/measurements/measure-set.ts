import type { LoadClient } from '../load/load-client.ts';
import type { RequestTemplate } from '../load/request-template.ts';
import type { ContenderSet, SetName, StoredSample } from '../report/results.ts';
import type { MeasuredServer } from '../servers.ts';
import type { LicenseRange } from '../store/set-last-seen.ts';

/** How a set is measured. */
export interface Rounds {
  readonly seconds: number;
  readonly rounds: number;
}

export interface ContenderPlan {
  readonly name: string;
  readonly server: MeasuredServer;
  readonly templates: readonly RequestTemplate[];
  readonly licenses: LicenseRange;
  /** Called before each load, which then asks each of the returned licenses at most once. */
  readonly prepare?: () => Promise<LicenseRange>;
}

export interface SetPlan {
  readonly name: SetName;
  readonly connections: number;
  readonly keepAlive?: boolean;
  readonly contenders: readonly ContenderPlan[];
}

const warmUpSeconds = 1;

/**
 * Lets the contenders take turns: in each round each of them has load for some seconds, and each round begins with
 * another one. Before the first round each has load once without being measured, because V8 is still compiling it.
 */
export async function measureSet(
  client: LoadClient,
  plan: SetPlan,
  { seconds, rounds }: Rounds,
): Promise<ContenderSet> {
  const { name, connections, keepAlive = true, contenders } = plan;

  async function measure(contender: ContenderPlan, forSeconds: number): Promise<StoredSample> {
    const { server, templates, prepare } = contender;
    const licenses = prepare ? await prepare() : contender.licenses;
    const { port, tls, pid } = server;
    const load = { port, tls, connections, keepAlive, templates, licenses, eachOnce: prepare !== undefined };
    const { failure, ...sample } = await client.measure({ ...load, seconds: forSeconds, perSecond: null }, pid);
    if (failure !== null) console.warn(`  ${sample.failed} requests failed, such as ${failure}`);
    return sample;
  }

  const samples = contenders.map((): StoredSample[] => []);
  for (const contender of contenders) await measure(contender, Math.min(warmUpSeconds, seconds));
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < contenders.length; turn += 1) {
      const index = (round + turn) % contenders.length;
      const contender = contenders[index];
      if (contender) samples[index]?.push(await measure(contender, seconds));
    }
  }
  const isTls = contenders.some(({ server }) => server.tls);
  return {
    name,
    connections,
    keepAlive,
    tls: isTls,
    contenders: contenders.map((contender, index) => ({ name: contender.name, samples: samples[index] ?? [] })),
  };
}
