import { express, findOne } from '../measurements/contender-names.ts';
import { medianOf, type Spread, spreadOf } from '../statistics.ts';
import { type Goal, goalsOf, isReached } from './goals.ts';
import { ratiosOf } from './ratios.ts';
import type {
  Contender,
  ContenderSet,
  Figure,
  FigureName,
  MeasuredOperation,
  Part,
  PartName,
  Results,
  SetName,
} from './results.ts';

const setTitles: Readonly<Record<SetName, string>> = {
  tki: 'Valid checks of TKI Auth',
  protocols: 'Valid checks of each protocol',
  many: 'Valid checks of each protocol on many licenses',
  refused: 'Refused checks of TKI Auth',
  'first-use': 'First uses, each of a new machine',
  refreshing: 'Checks that find old slots, and refresh them',
  mixed: 'All protocols, known and new machines, one in ten refused',
  attempts: 'Beside many attempts',
  challenge: 'Checks with a challenge, whose answer is signed',
  connections: 'A connection for each request',
  tls: 'Over TLS',
};

const figureTitles: Readonly<Record<FigureName, string>> = {
  'open-load-p99-ms': 'p99 at 1,000 requests a second, in ms',
  'peak-memory-mb': 'Peak memory under full load, many licenses and a long blacklist, in MB',
  'start-few': 'Cold start to the first answer, few licenses, in times of `node -e 0`',
  'start-many': 'The same with many licenses',
  'start-blacklist': 'The same with few licenses and a long blacklist',
  'challenge-openssl': 'Signed answers, as a share of what `openssl speed rsa2048` signs on one core',
};

const partTitles: Readonly<Record<PartName, string>> = {
  sqlite: 'The embedded store',
  'mongodb-1': 'MongoDB, one member',
  'mongodb-3': 'MongoDB, three members',
  growth: 'What people, jobs and panels do',
  'growth-mongodb': 'The same on MongoDB',
};

/** docs/performance.md, made of a results file by `npm run bench -- --report`. */
export function describeResults(results: Results): string {
  const goals = describeGoals(goalsOf(results));
  return [introduction, '## Goals', goals, limits, ...results.parts.map(describePart)].join('\n\n') + '\n';
}

/** The section about one run, which is also what the run prints. */
export function describePart(part: Part): string {
  return [
    `## ${partTitles[part.name]}`,
    describeRun(part),
    ...part.sets.map(describeSet),
    ...(part.figures.length === 0 ? [] : [describeFigures(part.figures)]),
    ...(part.operations.length === 0 ? [] : [describeOperations(part.operations)]),
  ].join('\n\n');
}

const limits = `## What keeps the others from their goals

- **Many licenses**: a check reads three pages of the database that no cache of reasonable size holds: one of the index of
  hashed keys, one of the licenses and one of the slots. A cache of 256 MB instead of 16 MB would win back half of it.
- **One connection, or a new one for each request**: groups then hold one check or two, and each has a commit of its own.
- **Refreshed slots**: two rows more are written, in pages of their own. It happens once an hour for each machine.
- **MongoDB**: on two cores the members, the load client and Latchkey share the processors, so that fewer requests fit
  beside the members' work than the CPU of Latchkey's own thread would allow.
- **The start**: half of it is reading some 670 files, which nothing bundles because there is no build step; Node alone takes
  a tenth, and garbage of the start another.
- **Memory**: Node with the modules that a server loads takes 100 MB before the first request. Pages of the database,
  young objects under full load, the thread that writes checkpoints and a blacklist of 100,000 entries make up the rest.
- **The growth table**: a backup of the embedded store saturates the disk, and commits then wait for it in \`fsync\` on the
  main thread. Rows whose CPU is below 20 ms waited for the processors, which the bench, the operation and the server
  share. CPU above it is left where a commit is whole by promise (a hundred licenses at once), where a product with all
  licenses is deleted or restored, where the roles of all members are compared, and in garbage collections of a server that
  has just run every other operation: retention takes 13 ms when it runs alone.`;

const introduction = `# Performance

What a check costs, measured by \`npm run bench\` next to baselines on the same machine and the same Node. This page is
generated from the newest file in [bench/results](../bench/results).

![Throughput and CPU of checks, as multiples of an empty Express handler](performance.svg)

How to read it: the speed of a machine varies, above all of a shared one, so compare ratios and not requests a second.
Servers take turns, and each ratio is of two loads of the same round. A ratio above 1 is better than the baseline: more
requests a second, or less time of the main thread for each. Ratios of CPU vary less than those of throughput, because the
load client and other programs do not count. Numbers are medians; the quartiles stand in parentheses. Guard, rate limits
and metrics are on, and every answered check is recorded. The baseline answers a small JSON body with a small JSON body and
does nothing else.

How to repeat it: \`npm run bench\` on a machine with at least two cores and nothing else to do takes about 15 minutes, and
\`npm run bench -- --quick\` about one, which says whether it runs and little more. \`--only tki,refused\` and
\`--connections 32,128\` measure less; \`--store mongodb --members 3\` measures MongoDB, and \`--growth\` what people, jobs
and panels do, on either store. A whole run replaces its part of the results file and this page; a smaller one only prints, unless
\`--write\` is given. Large stores are filled once and kept in \`~/.cache/latchkey-bench\`.`;

function describeRun(part: Part): string {
  const { name, date, commit, machine, seconds, rounds } = part;
  const many = `${number(part.blacklist)} blacklist entries and ${number(part.attempts)} attempts`;
  const counts = `${part.licenses.map(number).join(' and ')} licenses`;
  const on = `${date.slice(0, 10)}, commit ${commit.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`;
  if (name === 'growth' || name === 'growth-mongodb') return `${on}; ${counts}, ${many}.`;
  const loads = `${rounds} rounds of ${seconds} s; ${counts}`;
  return name === 'sqlite' ? `${on}; ${loads}, with ${many} where they are named.` : `${on}; ${loads}.`;
}

function describeGoals(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => {
    const { measure, goal: value, isAtLeast, unit, measured, byCpu } = goal;
    const reached = isReached(goal);
    const shown = measured === null ? 'not measured' : `${decimal(measured)}${unit}`;
    const cpu = byCpu === null ? '' : `; CPU ${decimal(byCpu)}`;
    return [
      measure,
      `at ${isAtLeast ? 'least' : 'most'} ${value}${unit}`,
      `${shown}${cpu}`,
      reached === null ? '' : reached ? 'yes' : 'no',
    ];
  });
  return table(['Measure', 'Goal', 'Measured', 'Reached'], rows);
}

function describeSet(set: ContenderSet): string {
  const against = set.contenders.find(({ name }) => name === express || name === findOne)?.name ?? '';
  const details = [
    `${number(set.connections)} ${set.connections === 1 ? 'connection' : 'connections'}`,
    ...(set.keepAlive || set.name === 'connections' ? [] : ['a new one for each request']),
  ];
  const rows = set.contenders.map((contender) => {
    const ratios = ratiosOf(set, contender.name, against);
    const isBaseline = contender.name === against;
    const failed = contender.samples.reduce((sum, sample) => sum + sample.failed, 0);
    return [
      failed === 0 ? contender.name : `${contender.name} (${number(failed)} failed)`,
      number(Math.round(medianIn(contender, ({ perSecond }) => perSecond))),
      isBaseline ? '1' : spread(ratios?.throughput ?? null),
      decimal(medianIn(contender, ({ cpuUs }) => cpuUs ?? Number.NaN)),
      isBaseline ? '1' : spread(ratios?.cpu ?? null),
      ...(['p50Ms', 'p975Ms', 'p99Ms'] as const).map((key) => decimal(medianIn(contender, (sample) => sample[key]))),
    ];
  });
  const heads = ['', 'a second', 'ratio', 'CPU µs', 'ratio', 'p50 ms', 'p97.5 ms', 'p99 ms'];
  return `### ${setTitles[set.name]}, ${details.join(', ')}\n\n${table(heads, rows)}`;
}

function describeFigures(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, values }) => [
    figureTitles[name],
    spread(values.length === 0 ? null : spreadOf(values)),
  ]);
  return `### Other measures\n\n${table(['Measure', 'Measured'], rows)}`;
}

function describeOperations(operations: readonly MeasuredOperation[]): string {
  const rows = operations
    .toSorted((a, b) => (b.holdMs ?? 0) - (a.holdMs ?? 0))
    .map(({ name, durationMs, holdMs, holdCpuMs, checkP99Ms, residentMb, problem }) => [
      cell(problem === null ? name : `${name} (failed: ${shortened(problem)})`),
      number(Math.round(durationMs)),
      ...[holdMs, holdCpuMs, checkP99Ms].map((ms) => (ms === null ? '' : decimal(ms))),
      residentMb === null ? '' : number(Math.round(residentMb)),
    ]);
  const heads = ['Operation', 'took ms', 'longest hold ms', 'longest CPU ms', 'p99 of checks ms', 'memory MB'];
  return (
    'Each operation ran alone on the server while checks were answered. The longest hold is the longest time for which ' +
    `nothing else could run on the event loop, and the longest CPU the part of it that counts on a busy machine: for how ` +
    `long the main thread ran in one turn.\n\n${table(heads, rows)}`
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text as it stands in a cell of a table. */
const cell = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');

const maxProblemLength = 120;
const shortened = (text: string) => (text.length <= maxProblemLength ? text : `${text.slice(0, maxProblemLength)}…`);

const medianIn = ({ samples }: Contender, valueOf: (sample: Contender['samples'][number]) => number) =>
  medianOf(samples.map(valueOf));

const number = (value: number) => value.toLocaleString('en-US');

/** With as many digits as matter. */
function decimal(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return value >= 100 ? number(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}

const spread = (of: Spread | null) =>
  of === null ? 'unknown' : `${decimal(of.median)} (${decimal(of.lower)}–${decimal(of.upper)})`;
