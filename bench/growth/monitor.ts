/**
 * Loaded into the server with `node --import`, so that production code knows nothing of it. It measures how long the event
 * loop is held, and starts jobs, when the process that started the server asks for it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MonitorAnswer, MonitorOrder } from './monitor-messages.ts';
import { startProfile, type Profiling } from './profile.ts';

const resolutionMs = 1;
const delays = monitorEventLoopDelay({ resolution: resolutionMs });

/** The time between two turns of a timer in which the main thread was running for longest. */
let busiest = { fromUs: 0, toUs: 0, cpuUs: 0 };
let last = { atUs: 0, cpuUs: 0 };
let profiling: Profiling | null = null;

const nowUs = () => Number(process.hrtime.bigint() / 1_000n);
const cpuUs = () => {
  const { user, system } = process.threadCpuUsage();
  return user + system;
};

function tick(): void {
  const now = { atUs: nowUs(), cpuUs: cpuUs() };
  const usedUs = now.cpuUs - last.cpuUs;
  if (usedUs > busiest.cpuUs) busiest = { fromUs: last.atUs, toUs: now.atUs, cpuUs: usedUs };
  last = now;
}

async function begin(profiles: boolean): Promise<MonitorAnswer> {
  if (profiles) profiling = await startProfile();
  last = { atUs: nowUs(), cpuUs: cpuUs() };
  busiest = { fromUs: 0, toUs: 0, cpuUs: 0 };
  delays.reset();
  delays.enable();
  return { type: 'begun' };
}

async function end(): Promise<MonitorAnswer> {
  tick();
  delays.disable();
  const stack = (await profiling?.end(busiest)) ?? [];
  profiling = null;
  // The delay of a timer counts from its last turn.
  const holdMs = Math.max(0, delays.max / 1e6 - resolutionMs);
  return { type: 'ended', holdMs, holdCpuMs: busiest.cpuUs / 1_000, stack };
}

/** Starts the job that was scheduled as the one with this index, as its cron expression would. */
async function runJob(index: number): Promise<MonitorAnswer> {
  const { default: cron } = await import('node-cron');
  const task = [...cron.getTasks().values()][index];
  if (!task) throw new Error(`There are no ${index + 1} jobs.`);
  await task.execute();
  return { type: 'job-started' };
}

function answer(order: MonitorOrder): Promise<MonitorAnswer> {
  switch (order.type) {
    case 'begin':
      return begin(order.profiles);
    case 'end':
      return end();
    case 'run-job':
      return runJob(order.index);
  }
}

if (process.send) {
  setInterval(tick, resolutionMs).unref();
  process.on('message', (order: MonitorOrder) => {
    answer(order).then(
      (message) => process.send?.(message),
      (error: unknown) => process.send?.({ type: 'failed', reason: String(error) } satisfies MonitorAnswer),
    );
  });
  // The channel alone must not keep a server running that has ended.
  process.channel?.unref();
}
