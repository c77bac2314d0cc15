/** Work that is done on a schedule, by exactly one of the processes that share the store. */
export interface Job {
  readonly name: string;
  /** A cron expression for node-cron, in UTC. */
  readonly schedule: string;
  /** The interval of `schedule`. If the last run is longer ago when a process starts, the job runs at once. */
  readonly everyMs: number;
  /**
   * Does the work and returns a summary for the log; null: nothing was done. A long job checks `signal` between its steps
   * and ends early when it is aborted: the process is stopping, or has lost the lease of the job.
   */
  run(signal: AbortSignal): Promise<string | null>;
}

/** The summary of a job that counts what it did; null for 0, so that idle runs write no log line. */
export function describeCount(count: number, done: string): string | null {
  return count === 0 ? null : `${done}: ${count}`;
}
