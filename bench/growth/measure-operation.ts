import { setTimeout as wait } from 'node:timers/promises';
import type { LoadClient } from '../load/load-client.ts';
import { grantedChecks } from '../load/requests.ts';
import { readResidentMb } from '../process-stats.ts';
import type { MeasuredOperation } from '../report/results.ts';
import type { GrowthWorld, Operation } from './operation.ts';

/** Checks next to each operation: enough for a p99, and far from all that the server can answer. */
const checks = { perSecond: 500, connections: 16 } as const;
const minForPercentile = 100;
/** From here on the event loop was held for too long, and a profile can say why. */
const maxHoldMs = 20;

interface HowMeasured {
  /** How many licenses the store has at least; checks ask for the second half of them, which no operation changes. */
  readonly licenses: number;
  readonly isProfiled: boolean;
  /** For how long checks are sent before the operation, and at least in all. */
  readonly pauses?: { readonly beforeMs: number; readonly leastMs: number };
}

/**
 * Carries out one operation while checks are answered. It always resolves: whatever fails (the operation, the checks, the
 * server) is the problem of that operation.
 */
export async function measureOperation(
  operation: Operation,
  growth: GrowthWorld,
  client: LoadClient,
  { licenses, isProfiled, pauses = { beforeMs: 100, leastMs: 1_000 } }: HowMeasured,
): Promise<MeasuredOperation> {
  const { server } = growth;
  const problems: string[] = [];
  const note = (error: unknown) => {
    problems.push((error as Error).message);
    return null;
  };
  const load = sendChecks(client, growth, licenses, operation).catch(note);
  await wait(pauses.beforeMs);
  const isBegun = await server.order({ type: 'begin', profiles: isProfiled }).catch(note);
  const startedAt = performance.now();
  if (isBegun) {
    const problem = await Promise.race([operation.run(growth), server.ended]).catch(note);
    if (problem !== null) problems.push(problem);
  }
  const durationMs = performance.now() - startedAt;
  await wait(Math.max(0, pauses.leastMs - durationMs));
  const answer = await server.order({ type: 'end' }).catch(note);
  const monitored = answer?.type === 'ended' ? answer : null;
  client.endLoad();
  const sample = await load;
  if (sample !== null && sample.failed > 0) {
    problems.push(`${sample.failed} checks failed, such as ${sample.failure ?? ''}`);
  }
  if (isProfiled && monitored !== null && monitored.holdCpuMs > maxHoldMs) {
    console.log(`    ${monitored.stack.join('\n    ')}`);
  }
  return {
    name: operation.name,
    durationMs,
    holdMs: monitored?.holdMs ?? null,
    holdCpuMs: monitored?.holdCpuMs ?? null,
    checkP99Ms: sample === null || sample.answered < minForPercentile ? null : sample.p99Ms,
    residentMb: readResidentMb(server.pid),
    problem: problems[0] ?? null,
  };
}

/** Sends checks until the client ends the load. */
function sendChecks(client: LoadClient, { server }: GrowthWorld, licenses: number, { refusesChecks }: Operation) {
  const plan = {
    ...{ port: server.port, tls: false, keepAlive: true, eachOnce: false, templates: [grantedChecks.sunlicense] },
    ...{ ...checks, seconds: 3_600, acceptsRefusals: refusesChecks ?? false },
    licenses: { first: Math.floor(licenses / 2), count: Math.ceil(licenses / 2) },
  };
  return client.measure(plan, server.pid);
}

/** One line of what is printed while the operations run. */
export function describeOperation(measured: MeasuredOperation): string {
  const { name, durationMs, holdMs, holdCpuMs, checkP99Ms, residentMb, problem } = measured;
  const ms = (value: number | null) => (value?.toFixed(1) ?? '?').padStart(8);
  const columns = [durationMs, holdMs, holdCpuMs, checkP99Ms].map(ms).join('');
  const memory = (residentMb?.toFixed(0) ?? '?').padStart(5);
  return `${columns} ${memory} MB  ${name}${problem === null ? '' : `  (${problem.replaceAll(/\s+/g, ' ')})`}`;
}
