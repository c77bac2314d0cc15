import { type Spread, spreadOf } from '../statistics.ts';
import type { ContenderSet, Part, PartName, Results, SetName } from './results.ts';

/** Throughput of the one against that of the other, and main-thread time of the other against that of the one. */
export interface Ratios {
  readonly throughput: Spread;
  /** null: the system does not report the time of a thread. */
  readonly cpu: Spread | null;
}

/**
 * How much better a contender is than another one of the same set, 2 being twice as good. Samples are compared round by
 * round, because the speed of a shared machine changes over time. null: one of the two was not measured.
 */
export function ratiosOf(set: ContenderSet, name: string, against: string): Ratios | null {
  const samplesOf = (wanted: string) => set.contenders.find((one) => one.name === wanted)?.samples ?? [];
  const others = samplesOf(against);
  const pairs = samplesOf(name).flatMap((one, round) => {
    const other = others[round];
    return other ? [{ one, other }] : [];
  });
  if (pairs.length === 0) return null;
  const cpu = pairs.flatMap(({ one, other }) =>
    one.cpuUs === null || other.cpuUs === null ? [] : [other.cpuUs / one.cpuUs],
  );
  return {
    throughput: spreadOf(pairs.map(({ one, other }) => one.perSecond / other.perSecond)),
    cpu: cpu.length === 0 ? null : spreadOf(cpu),
  };
}

export function findPart(results: Results, name: PartName): Part | undefined {
  return results.parts.find((part) => part.name === name);
}

/** The set of this name with kept connections and without TLS, at a number of connections. */
export function findSet(part: Part | undefined, name: SetName, connections: number): ContenderSet | undefined {
  return part?.sets.find((set) => set.name === name && set.connections === connections && set.keepAlive && !set.tls);
}
