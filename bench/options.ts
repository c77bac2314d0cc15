import { parseArgs } from 'node:util';

/** What can be chosen with `--only`: sets of contenders, and figures of their own. */
export const choices = [
  ...(['tki', 'protocols', 'many', 'refused', 'first-use', 'refreshing', 'mixed', 'attempts', 'challenge'] as const),
  ...(['connections', 'tls', 'open-load', 'memory', 'start'] as const),
] as const;
type Choice = (typeof choices)[number];

export interface BenchOptions {
  readonly run: 'checks' | 'growth' | 'floods' | 'report';
  readonly store: 'sqlite' | 'mongodb';
  readonly members: 1 | 3;
  readonly seconds: number;
  readonly rounds: number;
  /** `few` for most loads, `many` for those that show what size costs. */
  readonly licenses: { readonly few: number; readonly many: number };
  readonly blacklist: number;
  readonly attempts: number;
  /** null: what is usual for each set. */
  readonly connections: readonly number[] | null;
  readonly isChosen: (choice: Choice) => boolean;
  readonly isQuick: boolean;
  /** The operations of the growth table whose names hold this text; empty: all. */
  readonly operations: string;
  /** Whether what was measured becomes part of the results file and of the page. */
  readonly isStored: boolean;
  /** The growth table also says what held the event loop. The profiler slows the server down. */
  readonly isProfiled: boolean;
  /** The results file that a report is made of. */
  readonly report: string | null;
  readonly onProgress: (doing: string) => void;
}

const full = { seconds: '2', rounds: '5', licenses: '10000,1000000', blacklist: '100000', attempts: '10000000' };
const quick = { seconds: '0.5', rounds: '1', licenses: '2000,20000', blacklist: '2000', attempts: '20000' };

/** Reads the arguments of `npm run bench`. Throws one sentence where one of them is wrong. */
export function readOptions(args: readonly string[], onProgress: (doing: string) => void): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      licenses: { type: 'string' },
      blacklist: { type: 'string' },
      attempts: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      members: { type: 'string', default: '1' },
      connections: { type: 'string' },
      only: { type: 'string' },
      operations: { type: 'string', default: '' },
      report: { type: 'string' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      challenges: { type: 'boolean', default: false },
      floods: { type: 'boolean', default: false },
      growth: { type: 'boolean', default: false },
    },
  });
  const defaults = values.quick ? quick : full;
  const [few = 0, many = few] = numbers('licenses', values.licenses ?? defaults.licenses);
  const only = values.challenges ? 'challenge' : values.only;
  const isPartial = values.quick || only !== undefined || values.connections !== undefined || values.operations !== '';
  const chosen = only?.split(',').map(readChoice);
  if (values.store !== 'sqlite' && values.store !== 'mongodb') {
    throw new Error(`--store is sqlite or mongodb, not ${values.store}.`);
  }
  return {
    run: values.report !== undefined ? 'report' : values.growth ? 'growth' : values.floods ? 'floods' : 'checks',
    store: values.store,
    members: readMembers(values.members),
    seconds: number('seconds', values.seconds ?? defaults.seconds),
    rounds: number('rounds', values.rounds ?? defaults.rounds),
    licenses: { few, many },
    blacklist: number('blacklist', values.blacklist ?? defaults.blacklist),
    attempts: number('attempts', values.attempts ?? defaults.attempts),
    connections: values.connections === undefined ? null : numbers('connections', values.connections),
    isChosen: (choice) => chosen?.includes(choice) ?? true,
    isQuick: values.quick,
    operations: values.operations,
    isStored: values.write || !isPartial,
    isProfiled: values.profile,
    report: values.report ?? null,
    onProgress,
  };
}

function readMembers(text: string): 1 | 3 {
  if (text !== '1' && text !== '3') throw new Error(`--members is 1 or 3, not ${text}.`);
  return text === '1' ? 1 : 3;
}

function readChoice(text: string): Choice {
  const choice = choices.find((one) => one === text);
  if (!choice) throw new Error(`--only takes ${choices.join(', ')}, separated by commas, not ${text}.`);
  return choice;
}

function numbers(option: string, text: string): readonly number[] {
  return text.split(',').map((part) => number(option, part));
}

function number(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} takes a number above 0, not ${text}.`);
  return value;
}
