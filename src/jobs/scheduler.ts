import cron from 'node-cron';
import type { Log } from '../log/log.ts';
import type { Storage } from '../storage/port/storage.ts';
import type { Job } from './job.ts';
import { jobNote } from '../domain/notes.ts';
import { isFromWrongClock, minuteMs } from '../domain/values/calendar.ts';
import { watchClockSteps, type WatchClockSteps } from './clock-steps.ts';

export interface Scheduler {
  /** Starts no further job, signals the running ones to end, and resolves when they have. */
  stop(): Promise<void>;
}

/** Calls `onDue` with the planned instant each time that the cron schedule is due. */
type StartCron = (schedule: string, onDue: (plannedAt: Date) => void) => { stop(): void };
/** Calls `onTick` every `everyMs` until it is stopped. */
type StartInterval = (everyMs: number, onTick: () => void) => { stop(): void };

export interface SchedulerOptions {
  readonly jobs: readonly Job[];
  readonly storage: Pick<Storage, 'acquireLease' | 'releaseLease' | 'note' | 'setNote'>;
  readonly log: Log;
  readonly now: () => Date;
  /** The name of this process among those that share the store. */
  readonly holder: string;
  readonly startCron?: StartCron;
  readonly startInterval?: StartInterval;
  readonly onClockStep?: WatchClockSteps;
}

/**
 * Decides whether a job starts, given the last planned instant that any process ran it for; null: it has never run.
 * `record-only` runs nothing, but records this instant as if the job had run.
 */
type StartRule = (lastPlannedAt: Date | null) => 'run' | 'record-only' | 'skip';

/** A process that dies blocks its jobs on the other processes for at most this long. */
const leaseMs = minuteMs;
const renewMs = 20_000;

const startNodeCron: StartCron = (schedule, onDue) => {
  const run = ({ date }: { readonly date: Date }) => {
    onDue(date);
  };
  const task = cron.schedule(schedule, run, { timezone: 'Etc/UTC', suppressMissedWarning: true });
  return { stop: () => void task.destroy() };
};

const startNodeInterval: StartInterval = (everyMs, onTick) => {
  const timer = setInterval(onTick, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
};

/**
 * Runs each job by its schedule on exactly one of the processes that share the store. Two races are met:
 *
 * - Two processes are due at the same moment. A lease in the store lets only one of them in.
 * - The second process is due, or gets the lease, after the first has finished. A note in the store holds the last planned
 *   instant that was run, so that the second process skips it.
 *
 * A run that was missed while no process was up is made up for once at start. A job that throws is logged, and runs again
 * at its next planned instant.
 *
 * When the clock is set, everything begins again as at a start: node-cron would wait until the clock reaches the instant
 * that it had computed, and go through every minute of a step ahead. A note from a clock that was ahead counts as none.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { jobs, storage, log, now, holder } = options;
  const { startCron = startNodeCron, startInterval = startNodeInterval, onClockStep = watchClockSteps } = options;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  function startUnlessRunning(job: Job, plannedAt: Date, rule: StartRule): void {
    if (stopping.signal.aborted || running.has(job.name)) return;
    const run = runUnderLease(job, plannedAt, rule)
      .catch((error: unknown) => {
        log.error(`The job ${job.name} failed`, { error });
      })
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  }

  async function runUnderLease(job: Job, plannedAt: Date, rule: StartRule): Promise<void> {
    const lease = jobNote(job.name);
    const leaseNumber = await storage.acquireLease(lease, holder, leaseMs);
    if (leaseNumber === null) return;
    const leaseLost = new AbortController();
    const renewing = startInterval(renewMs, () => {
      storage.acquireLease(lease, holder, leaseMs).then(
        (renewedNumber) => {
          // Another number means that the lease had expired in between: another process may have run the job by now.
          if (renewedNumber !== leaseNumber) leaseLost.abort();
        },
        () => {
          leaseLost.abort();
        },
      );
    });
    try {
      const last = await storage.note(lease);
      const decision = rule(last === null ? null : new Date(last));
      if (decision === 'skip') return;
      // The note is set before the run, so that a job that fails waits for its next planned instant on all processes. The
      // store refuses it when another process has acquired the lease since, which then runs the job.
      const isHolder = await storage.setNote(lease, plannedAt.toISOString(), { lease, number: leaseNumber });
      if (!isHolder || decision === 'record-only') return;
      const summary = await job.run(AbortSignal.any([stopping.signal, leaseLost.signal]));
      if (summary !== null) log.info(summary, { job: job.name });
    } finally {
      renewing.stop();
      await storage.releaseLease(lease, holder);
    }
  }

  function startCronTask(job: Job) {
    return startCron(job.schedule, (dueAt) => {
      // The clocks of two processes are due some milliseconds apart, but mean the same planned minute.
      const plannedAt = new Date(Math.floor(dueAt.getTime() / minuteMs) * minuteMs);
      startUnlessRunning(job, plannedAt, (lastPlannedAt) => {
        const isDone =
          lastPlannedAt !== null &&
          lastPlannedAt >= plannedAt &&
          !isFromWrongClock(lastPlannedAt, job.everyMs, plannedAt);
        return isDone ? 'skip' : 'run';
      });
    });
  }

  function makeUpForMissed(job: Job, startedAt: Date): void {
    startUnlessRunning(job, startedAt, (lastPlannedAt) => {
      // On a new store nothing was missed. From now on a pause longer than the interval of the job counts as one.
      if (lastPlannedAt === null) return 'record-only';
      if (isFromWrongClock(lastPlannedAt, job.everyMs, startedAt)) return 'run';
      return startedAt.getTime() - lastPlannedAt.getTime() > job.everyMs ? 'run' : 'skip';
    });
  }

  let cronTasks: readonly { stop(): void }[] = [];
  function begin(): void {
    for (const task of cronTasks) task.stop();
    cronTasks = jobs.map(startCronTask);
    for (const job of jobs) makeUpForMissed(job, now());
  }
  begin();
  const watching = onClockStep(begin);

  return {
    stop: async () => {
      stopping.abort();
      watching.stop();
      for (const task of cronTasks) task.stop();
      await Promise.all(running.values());
    },
  };
}
