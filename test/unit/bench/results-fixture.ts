import type { ContenderSet, MeasuredOperation, Part, StoredSample } from '../../../bench/report/results.ts';

export function sample(perSecond: number, cpuUs: number | null): StoredSample {
  return { answered: perSecond, failed: 0, perSecond, cpuUs, p50Ms: 1, p975Ms: 2, p99Ms: 3 };
}

export function aSet(own: Partial<ContenderSet> = {}): ContenderSet {
  const contenders = [
    { name: 'empty Express handler', samples: [sample(1_000, 100), sample(2_000, 50), sample(1_000, 100)] },
    { name: 'TKI Auth', samples: [sample(1_250, 80), sample(2_400, 50), sample(1_300, 50)] },
  ];
  return { name: 'tki', connections: 32, keepAlive: true, tls: false, contenders, ...own };
}

export function anOperation(own: Partial<MeasuredOperation> = {}): MeasuredOperation {
  const times = { durationMs: 40, holdMs: 8, holdCpuMs: 7, checkP99Ms: 4 };
  return { name: '/license list', residentMb: 120, problem: null, ...times, ...own };
}

export function aPart(own: Partial<Part> = {}): Part {
  return {
    ...{ name: 'sqlite', date: '2030-06-15T12:00:00.000Z', commit: '0123456789abcdef' },
    machine: { cpu: 'A processor', cores: 2, node: '24.0.0' },
    ...{ seconds: 2, rounds: 3, licenses: [10_000, 1_000_000], blacklist: 100_000, attempts: 10_000_000 },
    ...{ sets: [], figures: [], operations: [] },
    ...own,
  };
}
