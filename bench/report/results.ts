import type { Sample } from '../load/load-client.ts';

/** What one or more runs measured. A run replaces its own parts and leaves the others. */
export interface Results {
  readonly parts: readonly Part[];
}

/** Which run a part is of. */
export const partNames = ['sqlite', 'mongodb-1', 'mongodb-3', 'growth', 'growth-mongodb'] as const;
export type PartName = (typeof partNames)[number];

export interface Part {
  readonly name: PartName;
  /** ISO 8601, UTC. */
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  /** How long each load lasted, and how often the servers took turns. */
  readonly seconds: number;
  readonly rounds: number;
  readonly licenses: readonly number[];
  readonly blacklist: number;
  readonly attempts: number;
  readonly sets: readonly ContenderSet[];
  readonly figures: readonly Figure[];
  readonly operations: readonly MeasuredOperation[];
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
}

/** Servers or kinds of requests that were measured in turns, so that their samples of one round can be compared. */
export interface ContenderSet {
  readonly name: SetName;
  readonly connections: number;
  readonly keepAlive: boolean;
  readonly tls: boolean;
  readonly contenders: readonly Contender[];
}

/** `tki` stands for valid checks of TKI Auth, which all others are compared with. */
export type SetName =
  | 'tki'
  | 'protocols'
  | 'many'
  | 'refused'
  | 'first-use'
  | 'refreshing'
  | 'mixed'
  | 'attempts'
  | 'challenge'
  | 'connections'
  | 'tls';

/** One load. */
export type StoredSample = Omit<Sample, 'failure'>;

export interface Contender {
  readonly name: string;
  /** One for each round. */
  readonly samples: readonly StoredSample[];
}

/** Something that is not compared round by round, measured once or several times. */
export interface Figure {
  readonly name: FigureName;
  readonly values: readonly number[];
}

/** Starts are multiples of `node -e 0` in the same round; challenges a share of what `openssl speed` signs on one core. */
export type FigureName =
  'open-load-p99-ms' | 'peak-memory-mb' | 'start-few' | 'start-many' | 'start-blacklist' | 'challenge-openssl';

/** Something that people, jobs or panels do, measured on a large store while checks are answered. */
export interface MeasuredOperation {
  readonly name: string;
  readonly durationMs: number;
  /** The longest time for which the event loop of the server was held; null: the server ended. */
  readonly holdMs: number | null;
  /**
   * The longest time for which its main thread was running in one hold. On a busy machine the event loop is also held while
   * other processes run. null: the server ended.
   */
  readonly holdCpuMs: number | null;
  /** Of the checks that were answered next to it; null: too few for a percentile. */
  readonly checkP99Ms: number | null;
  readonly residentMb: number | null;
  /** Why it did not do what it should, such as that no answer came in time; null: it did. */
  readonly problem: string | null;
}
