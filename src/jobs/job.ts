/** Something that happens by the clock, on exactly one of several processes. */
export interface Job {
  readonly name: string;
  /** For node-cron, in UTC. */
  readonly schedule: string;
  /** How often that is: a job that was not run for longer is run at start. */
  readonly everyMs: number;
  /** What it did, for the log; null: nothing worth a line. A job that takes long looks at `signal` between its steps. */
  run(signal: AbortSignal): Promise<string | null>;
}

/** What a counting job says: nothing of nothing. */
export function countText(count: number, done: string): string | null {
  return count === 0 ? null : `${done}: ${count}`;
}
