import { describe, expect, test } from '@jest/globals';
import { commandOperations } from '../../../bench/growth/command-operations.ts';
import { measureOperation } from '../../../bench/growth/measure-operation.ts';
import type { MonitorAnswer } from '../../../bench/growth/monitor-messages.ts';
import type { GrowthWorld, Operation } from '../../../bench/growth/operation.ts';
import type { LoadClient, Sample } from '../../../bench/load/load-client.ts';
import type { LoadPlan } from '../../../bench/load/plan.ts';

const how = { licenses: 100, isProfiled: false, pauses: { beforeMs: 0, leastMs: 0 } };
const never = new Promise<never>(() => undefined);
const ended: MonitorAnswer = { type: 'ended', holdMs: 7, holdCpuMs: 6, stack: [] };
const answers = { begin: { type: 'begun' }, end: ended, 'run-job': { type: 'job-started' } } as const;
const sample: Sample = {
  answered: 500,
  failed: 0,
  failure: null,
  perSecond: 500,
  cpuUs: 90,
  p50Ms: 1,
  p975Ms: 2,
  p99Ms: 3,
};

/** A world whose server, a real one of which would need a large store, does as the monitor promises. */
function aWorld(own: Partial<GrowthWorld['server']> = {}): GrowthWorld {
  const server = {
    pid: process.pid,
    port: 1,
    ended: never,
    order: ({ type }: { type: keyof typeof answers }) => Promise.resolve(answers[type]),
    ...own,
  };
  return { server } as unknown as GrowthWorld;
}

function aClient(measured: Promise<Sample>): LoadClient & { readonly plans: LoadPlan[] } {
  const plans: LoadPlan[] = [];
  const measure = (plan: LoadPlan) => {
    plans.push(plan);
    return measured;
  };
  return { plans, measure, endLoad: () => undefined, stop: () => undefined };
}

const operation = (run: Operation['run']): Operation => ({ name: '/license list', run });
const succeeding = operation(() => Promise.resolve(null));
const measure = (one: Operation, world = aWorld(), client = aClient(Promise.resolve(sample))) =>
  measureOperation(one, world, client, how);

describe('an operation of the growth table', () => {
  test('that succeeds has what the monitor and the checks measured', async () => {
    expect(await measure(succeeding)).toMatchObject({ holdMs: 7, holdCpuMs: 6, checkP99Ms: 3, problem: null });
  });

  test('that fails says so in its row, next to what was measured', async () => {
    const failing = operation(() => Promise.reject(new Error('no answer came')));
    expect(await measure(failing)).toMatchObject({ holdMs: 7, checkP99Ms: 3, problem: 'no answer came' });
    const refused = operation(() => Promise.resolve('The application did not respond'));
    expect((await measure(refused)).problem).toBe('The application did not respond');
  });

  test('that ends the server waits for it no longer, and says so in its row', async () => {
    const gone = Promise.reject(new Error('The server ended with SIGKILL.'));
    gone.catch(() => undefined);
    const world = aWorld({
      ended: gone,
      order: ({ type }) => (type === 'end' ? gone : Promise.resolve(answers[type])),
    });
    const measured = await measure(
      operation(() => never),
      world,
    );
    expect(measured).toMatchObject({ holdMs: null, holdCpuMs: null, problem: 'The server ended with SIGKILL.' });
  });

  test('next to which checks are answered wrongly says so in its row', async () => {
    const client = aClient(Promise.reject(new Error('POST /api/v1/validate was answered 400')));
    expect(await measure(succeeding, aWorld(), client)).toMatchObject({
      ...{ holdMs: 7, checkP99Ms: null },
      problem: 'POST /api/v1/validate was answered 400',
    });
    const some = aClient(Promise.resolve({ ...sample, failed: 2, failure: '503' }));
    expect((await measure(succeeding, aWorld(), some)).problem).toBe('2 checks failed, such as 503');
  });

  test('lets checks be refused only where it deletes or restores what they ask for', async () => {
    const client = aClient(Promise.resolve(sample));
    await measure(succeeding, aWorld(), client);
    await measure({ ...succeeding, refusesChecks: true }, aWorld(), client);
    expect(client.plans.map(({ acceptsRefusals }) => acceptsRefusals)).toEqual([false, true]);
    const refusing = commandOperations().filter(({ refusesChecks }) => refusesChecks === true);
    expect(refusing.map(({ name }) => name.split(':')[0])).toEqual([
      '/product delete product',
      '/product restore product',
    ]);
  });
});
