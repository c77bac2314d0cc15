import { afterEach, describe, expect, test } from '@jest/globals';
import type { Job } from '../../src/jobs/job.ts';
import { type SchedulerOptions, startScheduler } from '../../src/jobs/scheduler.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createTestClock } from '../support/test-clock.ts';

const stores: Storage[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A job that records its runs and ends when the test ends them. */
function createManualJob(own: Partial<Job> = {}) {
  const runs: { readonly signal: AbortSignal; end(outcome?: string | Error): void }[] = [];
  const waiting: (() => void)[] = [];
  const job: Job = {
    name: 'manual',
    schedule: '* * * * *',
    everyMs: 60_000,
    run: (signal) =>
      new Promise((resolve, reject) => {
        runs.push({
          signal,
          end: (outcome) => {
            if (outcome instanceof Error) reject(outcome);
            else resolve(outcome ?? null);
          },
        });
        for (const wake of waiting.splice(0)) wake();
      }),
    ...own,
  };
  /** Resolves when this many runs have begun. */
  async function begun(count: number): Promise<void> {
    while (runs.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
  }
  return { job, runs, begun };
}

function createWorld() {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  stores.push(storage);

  /** One process: `fire` makes its cron tasks due, `tick` its interval. Both resolve when the process is idle again. */
  function start(holder: string, jobs: readonly Job[], own: Partial<SchedulerOptions> = {}) {
    const cronTasks: ((plannedAt: Date) => void)[] = [];
    const ticks = new Set<() => void>();
    const steps = new Set<() => void>();
    const log = createRecordingLog();
    let underWay = 0;
    const count =
      <A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) =>
      async (...args: A) => {
        underWay += 1;
        try {
          return await call(...args);
        } finally {
          underWay -= 1;
        }
      };
    const scheduler = startScheduler({
      jobs,
      storage: {
        acquireLease: count((...args) => storage.acquireLease(...args)),
        releaseLease: count((...args) => storage.releaseLease(...args)),
        note: count((...args) => storage.note(...args)),
        setNote: count((...args) => storage.setNote(...args)),
      },
      log,
      now: clock.now,
      holder,
      startCron: (_, onDue) => {
        cronTasks.push(onDue);
        return { stop: () => void cronTasks.splice(cronTasks.indexOf(onDue), 1) };
      },
      startInterval: (_, tick) => {
        ticks.add(tick);
        return { stop: () => void ticks.delete(tick) };
      },
      onClockStep: (onStep) => {
        steps.add(onStep);
        return { stop: () => void steps.delete(onStep) };
      },
      ...own,
    });
    async function settle(): Promise<void> {
      do await new Promise((resolve) => setImmediate(resolve));
      while (underWay > 0);
    }
    return {
      log,
      stop: () => scheduler.stop(),
      settle,
      /** Makes the cron tasks due, a minute later or at a given instant. */
      fire: async (at?: Date) => {
        if (!at) clock.advance(60_000);
        for (const onDue of cronTasks) onDue(at ?? clock.now());
        await settle();
      },
      tick: async () => {
        for (const tick of ticks) tick();
        await settle();
      },
      /** Sets the clock, as `watchClockSteps` notices it. */
      setClock: async (ms: number) => {
        clock.advance(ms);
        for (const onStep of steps) onStep();
        await settle();
      },
      cronTasks,
      ticks,
      steps,
    };
  }
  return { clock, storage, start };
}

describe('one process', () => {
  test('runs a job each time that it is due, and logs its summary', async () => {
    const { start } = createWorld();
    const { job, runs } = createManualJob({ run: () => Promise.resolve('Expired: 2') });
    const process = start('a', [job]);
    await process.settle();
    expect([runs.length, process.log.lines]).toEqual([0, []]);
    await process.fire();
    await process.fire();
    expect(process.log.lines).toEqual(['info Expired: 2', 'info Expired: 2']);
    await process.stop();
  });

  test('a job that throws is logged and runs again next time', async () => {
    const { start } = createWorld();
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    await process.settle();
    await process.fire();
    runs[0]!.end(new Error('no disk'));
    await process.settle();
    expect(process.log.lines).toEqual(['error The job manual failed']);
    await process.fire();
    expect(runs).toHaveLength(2);
    runs[1]!.end();
    await process.stop();
  });

  test('a job that is still running when it is due again is not started twice', async () => {
    const { start } = createWorld();
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    await process.settle();
    await process.fire();
    await process.fire();
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await process.stop();
  });

  test('stop signals the running job to end, waits for it, and starts no other', async () => {
    const { start } = createWorld();
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    await process.settle();
    await process.fire();
    let stopped = false;
    const stopping = process.stop().then(() => (stopped = true));
    await process.settle();
    expect([stopped, runs[0]!.signal.aborted, process.cronTasks.length]).toEqual([false, true, 0]);
    runs[0]!.end();
    await stopping;
    expect([stopped, process.ticks.size, process.steps.size]).toEqual([true, 0, 0]);
  });
});

describe('several processes', () => {
  test('exactly one runs a job each time, though it is due at slightly different instants', async () => {
    const { clock, start } = createWorld();
    const done: string[] = [];
    const jobOf = (holder: string): Job => ({
      ...createManualJob().job,
      run: () => Promise.resolve(void done.push(holder)).then(() => null),
    });
    const [a, b] = [start('a', [jobOf('a')]), start('b', [jobOf('b')])];
    await a.settle();
    await b.settle();
    for (let minute = 1; minute <= 3; minute += 1) {
      clock.advance(60_000);
      const [first, second] = minute % 2 === 0 ? [b, a] : [a, b];
      await first.fire(new Date(clock.now().getTime() + 3));
      await second.fire(new Date(clock.now().getTime() + 70));
    }
    expect(done).toEqual(['a', 'b', 'a']);
    await a.stop();
    await b.stop();
  });

  test('while one runs a job no other starts it, even at the next planned minute', async () => {
    const { clock, start } = createWorld();
    const [of, other] = [createManualJob(), createManualJob()];
    const [a, b] = [start('a', [of.job]), start('b', [other.job])];
    await a.settle();
    await b.settle();
    await a.fire();
    clock.advance(45_000);
    await a.tick();
    clock.advance(15_000);
    await b.fire(clock.now());
    expect([of.runs.length, other.runs.length]).toEqual([1, 0]);
    of.runs[0]!.end();
    await a.stop();
    await b.stop();
  });

  test('a process that lost its lease signals its job to end', async () => {
    const { start } = createWorld();
    const [of, other] = [createManualJob(), createManualJob()];
    const [a, b] = [start('a', [of.job]), start('b', [other.job])];
    await a.settle();
    await b.settle();
    await a.fire();
    await b.fire();
    expect(other.runs).toHaveLength(1);
    expect(of.runs[0]!.signal.aborted).toBe(false);
    await a.tick();
    expect(of.runs[0]!.signal.aborted).toBe(true);
    of.runs[0]!.end();
    other.runs[0]!.end();
    await a.stop();
    await b.stop();
  });
});

describe('at start', () => {
  test('on a new store nothing is run, and the instant is recorded', async () => {
    const { clock, storage, start } = createWorld();
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    await process.settle();
    expect(runs).toHaveLength(0);
    expect(await storage.note('job.manual')).toBe(clock.now().toISOString());
    await process.stop();
  });

  test('a job that was missed while no process ran is run once', async () => {
    const { clock, start } = createWorld();
    const nightly = { everyMs: 86_400_000 };
    const first = start('a', [createManualJob(nightly).job]);
    await first.settle();
    await first.stop();
    clock.advance(20 * 3_600_000);
    const soon = createManualJob(nightly);
    const second = start('b', [soon.job]);
    await second.settle();
    expect(soon.runs).toHaveLength(0);
    await second.stop();
    clock.advance(5 * 3_600_000);
    const late = createManualJob(nightly);
    const third = start('c', [late.job]);
    await late.begun(1);
    late.runs[0]!.end();
    await third.settle();
    await third.stop();
    expect(late.runs).toHaveLength(1);
  });
});

const clockSteps = [2 * 3_600_000, 60 * 86_400_000, 200 * 86_400_000];

describe.each(clockSteps)('a clock that was %i ms ahead', (ms) => {
  test('while a process ran keeps no job from running at once and at its next planned minute', async () => {
    const { start } = createWorld();
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    const end = async () => {
      runs.at(-1)!.end();
      await process.settle();
    };
    await process.settle();
    await process.setClock(ms);
    await end();
    await process.fire();
    await end();
    await process.setClock(-ms);
    expect(runs).toHaveLength(3);
    await end();
    await process.fire();
    expect(runs).toHaveLength(4);
    await end();
    // Each of the two steps began the tasks anew, so that none waits for an instant of the other clock.
    expect(process.cronTasks).toHaveLength(1);
    await process.stop();
  });

  test('when the last process died keeps no job from running at the next start', async () => {
    const { clock, storage, start } = createWorld();
    clock.advance(ms);
    await storage.acquireLease('job.manual', 'died', 60_000);
    await storage.setNote('job.manual', clock.now().toISOString(), null);
    clock.advance(-ms);
    const { job, runs } = createManualJob();
    const process = start('a', [job]);
    await process.settle();
    expect(runs).toHaveLength(1);
    runs[0]!.end();
    await process.stop();
  });
});

test('a process that another one has overtaken does not run the job', async () => {
  const { storage, start } = createWorld();
  const { job, runs } = createManualJob();
  const process = start('a', [job]);
  await process.settle();
  storage.setNote = () => Promise.resolve(false);
  await process.fire();
  expect(runs).toHaveLength(0);
  await process.stop();
});
