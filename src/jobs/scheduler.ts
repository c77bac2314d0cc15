import cron from 'node-cron';
import type { Log } from '../log/log.ts';
import type { Storage } from '../storage/port/storage.ts';
import type { Job } from './job.ts';
import { minuteMs } from '../domain/calendar.ts';

export interface Scheduler {
  /** Stops the clock, tells running jobs to end and waits for them. */
  stop(): Promise<void>;
}

/** Calls `fire` with the planned instant whenever the schedule says so. */
type Clockwork = (schedule: string, fire: (plannedAt: Date) => void) => { stop(): void };
/** Calls `tick` again and again until it is stopped. */
type Repeat = (everyMs: number, tick: () => void) => { stop(): void };

export interface SchedulerOptions {
  readonly jobs: readonly Job[];
  readonly storage: Pick<Storage, 'acquireLease' | 'releaseLease' | 'note' | 'setNote'>;
  readonly log: Log;
  readonly now: () => Date;
  /** Names this process among those that share the store. */
  readonly holder: string;
  readonly clockwork?: Clockwork;
  readonly repeat?: Repeat;
}

/** What to do, seen from the last planned instant that anybody ran. `remember`: nothing, but count from here. */
type Decide = (last: Date | null) => 'run' | 'remember' | 'skip';

/** A process that dies gives its jobs up after this long. */
const leaseMs = minuteMs;
const renewMs = 20_000;

const nodeCron: Clockwork = (schedule, fire) => {
  const run = ({ date }: { readonly date: Date }) => {
    fire(date);
  };
  const task = cron.schedule(schedule, run, { timezone: 'Etc/UTC', suppressMissedWarning: true });
  return { stop: () => void task.destroy() };
};

const nodeInterval: Repeat = (everyMs, tick) => {
  const timer = setInterval(tick, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
};

/**
 * Runs each job by its schedule on exactly one of the processes that share the store: a lease keeps two from running it
 * at once, and the note of the last planned instant keeps the second from running it again. What was missed while no
 * process ran is made up for at start. A job that throws is logged and runs again next time.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const { jobs, storage, log, now, holder, clockwork = nodeCron, repeat = nodeInterval } = options;
  const running = new Map<string, Promise<void>>();
  const stopping = new AbortController();

  function launch(job: Job, plannedAt: Date, decide: Decide): void {
    if (stopping.signal.aborted || running.has(job.name)) return;
    const run = underLease(job, plannedAt, decide)
      .catch((error: unknown) => {
        log.error(`The job ${job.name} failed`, { error });
      })
      .finally(() => running.delete(job.name));
    running.set(job.name, run);
  }

  async function underLease(job: Job, plannedAt: Date, decide: Decide): Promise<void> {
    const lease = `job.${job.name}`;
    const number = await storage.acquireLease(lease, holder, leaseMs);
    if (number === null) return;
    const lost = new AbortController();
    const renewing = repeat(renewMs, () => {
      storage.acquireLease(lease, holder, leaseMs).then(
        (renewed) => {
          if (renewed !== number) lost.abort();
        },
        () => {
          lost.abort();
        },
      );
    });
    try {
      const last = await storage.note(lease);
      const decision = decide(last === null ? null : new Date(last));
      if (decision === 'skip') return;
      // Also of a run that fails: its next time is the next planned one, here and on the other processes.
      await storage.setNote(lease, plannedAt.toISOString(), { lease, number });
      if (decision === 'remember') return;
      const done = await job.run(AbortSignal.any([stopping.signal, lost.signal]));
      if (done !== null) log.info(done, { job: job.name });
    } finally {
      renewing.stop();
      await storage.releaseLease(lease, holder);
    }
  }

  const clocks = jobs.map((job) =>
    clockwork(job.schedule, (firedAt) => {
      // Processes fire some milliseconds apart and mean the same minute.
      const plannedAt = new Date(Math.floor(firedAt.getTime() / minuteMs) * minuteMs);
      launch(job, plannedAt, (last) => (last === null || last < plannedAt ? 'run' : 'skip'));
    }),
  );
  const startedAt = now();
  for (const job of jobs) {
    launch(job, startedAt, (last) => {
      if (last === null) return 'remember';
      return startedAt.getTime() - last.getTime() > job.everyMs ? 'run' : 'skip';
    });
  }

  return {
    stop: async () => {
      stopping.abort();
      for (const clock of clocks) clock.stop();
      await Promise.all(running.values());
    },
  };
}
