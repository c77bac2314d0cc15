import { besideAttempts, fewTitle, findAndInsert, findOne, express, tki } from '../measurements/contender-names.ts';
import { spreadOf } from '../statistics.ts';
import { findPart, findSet, type Ratios, ratiosOf } from './ratios.ts';
import type { FigureName, MeasuredOperation, PartName, Results, SetName } from './results.ts';

/** A measure that was promised, and what was measured. */
export interface Goal {
  readonly measure: string;
  readonly goal: number;
  readonly isAtLeast: boolean;
  readonly unit: '' | ' ms' | ' MB';
  /** null: not measured. */
  readonly measured: number | null;
  /** The same by CPU where `measured` is a ratio of throughputs. */
  readonly byCpu: number | null;
}

/** Every goal, in the order in which they are listed. */
export function goalsOf(results: Results): readonly Goal[] {
  const ratios = (part: PartName, set: SetName, connections: number, name: string, against: string): Ratios | null => {
    const found = findSet(findPart(results, part), set, connections);
    return found ? ratiosOf(found, name, against) : null;
  };
  const atLeast = (measure: string, goal: number, of: Ratios | null): Goal => {
    const [measured, byCpu] = [of?.throughput.median ?? null, of?.cpu?.median ?? null];
    return { measure, goal, isAtLeast: true, unit: '', measured, byCpu };
  };
  const byCpu = (measure: string, goal: number, of: Ratios | null): Goal => {
    return { measure, goal, isAtLeast: true, unit: '', measured: of?.cpu?.median ?? null, byCpu: null };
  };
  const atMost = (measure: string, goal: number, unit: Goal['unit'], measured: number | null): Goal => {
    return { measure, goal, isAtLeast: false, unit, measured, byCpu: null };
  };
  const sqlite = findPart(results, 'sqlite');
  const figure = (name: FigureName): number | null => {
    const values = sqlite?.figures.find((one) => one.name === name)?.values ?? [];
    return values.length === 0 ? null : spreadOf(values).median;
  };
  const protocols = ['FaxStore', 'SunLicense', 'Lukittu', 'LicenseGate'];
  const ofProtocols = protocols.flatMap((name) => ratios('sqlite', 'protocols', 32, name, tki) ?? []);
  const slowest = ofProtocols.sort((a, b) => a.throughput.median - b.throughput.median)[0] ?? null;
  const operations = (['growth', 'growth-mongodb'] as const).flatMap(
    (name) => findPart(results, name)?.operations ?? [],
  );
  const against = (set: string) => `TKI check on the embedded store, 32 connections: ${set}`;
  const overEmptyHandler = (connections: number) => ratios('sqlite', 'tki', connections, tki, express);
  return [
    atLeast(against('throughput against an empty Express handler'), 1.2, overEmptyHandler(32)),
    byCpu(against('CPU against an empty Express handler'), 1.1, overEmptyHandler(32)),
    atLeast('The same throughput at 128 connections', 1.3, overEmptyHandler(128)),
    atLeast('The slowest other protocol without a challenge against TKI Auth', 0.9, slowest),
    atLeast(against('many licenses against few'), 0.95, ratios('sqlite', 'many', 32, tki, fewTitle)),
    atLeast(
      against('every check refreshes its slots, against none'),
      0.95,
      ratios('sqlite', 'refreshing', 32, 'refreshing', tki),
    ),
    atLeast('The same on MongoDB', 0.9, ratios('mongodb-1', 'refreshing', 32, 'refreshing', tki)),
    atLeast(against('beside many attempts against none'), 0.95, ratios('sqlite', 'attempts', 32, besideAttempts, tki)),
    ...(
      [
        [32, 1.5],
        [128, 3],
      ] as const
    ).map(([connections, goal]) =>
      atLeast(
        `MongoDB, one member, ${connections} connections: against one findOne per request`,
        goal,
        ratios('mongodb-1', 'tki', connections, tki, findOne),
      ),
    ),
    ...(
      [
        ['mongodb-1', 'one member'],
        ['mongodb-3', 'three members'],
      ] as const
    ).map(([part, members]) =>
      atLeast(
        `MongoDB, ${members}, 32 connections: against findOne and a majority insert`,
        2.5,
        ratios(part, 'tki', 32, tki, findAndInsert),
      ),
    ),
    {
      ...atMost(
        'Checks with a challenge against openssl speed rsa2048 of one core',
        0.95,
        '',
        figure('challenge-openssl'),
      ),
      isAtLeast: true,
    },
    atMost('p99 at 1,000 requests a second', 5, ' ms', figure('open-load-p99-ms')),
    atMost(
      'p99 of checks beside each command, job, export and management call',
      20,
      ' ms',
      greatest(operations, 'checkP99Ms'),
    ),
    atMost('Longest hold of the event loop in the growth table', 20, ' ms', greatest(operations, 'holdMs')),
    atMost('Peak memory under full load, many licenses and a long blacklist', 200, ' MB', figure('peak-memory-mb')),
    atMost('Cold start to the first answer, few licenses, in times of node -e 0', 8, '', figure('start-few')),
    atMost('The same with many licenses', 10, '', figure('start-many')),
    atMost('The same with a long blacklist', 10, '', figure('start-blacklist')),
  ];
}

function greatest(operations: readonly MeasuredOperation[], field: 'holdMs' | 'checkP99Ms'): number | null {
  const values = operations.flatMap((one) => one[field] ?? []);
  return values.length === 0 ? null : Math.max(...values);
}

/** null: not measured. */
export function isReached({ measured, goal, isAtLeast }: Goal): boolean | null {
  if (measured === null) return null;
  return isAtLeast ? measured >= goal : measured <= goal;
}
