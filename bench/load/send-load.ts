import { connect, type Socket } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { readAnswerHead } from './http-answer.ts';
import type { LoadPlan, LoadResult } from './plan.ts';
import { prepareRequest } from './request-template.ts';

const tickMs = 1;
/** A step that shares no factor with the count visits every license once before one a second time. */
const step = 7919;

/**
 * Sends the load of a plan, until its time is over or `signal` is aborted. Calls `onBegun` when all connections are open.
 * Rejects where a connection fails, and where an answer shows that a request is wrong.
 */
export async function sendLoad(plan: LoadPlan, onBegun: () => void, signal?: AbortSignal): Promise<LoadResult> {
  const latencies = createHistogram();
  const failures: string[] = [];
  const run = createRun(plan, {
    answered: (dueAt) => {
      latencies.record(Math.max(1, Math.round((performance.now() - dueAt) * 1000)));
    },
    failed: (answer) => {
      failures.push(answer);
    },
  });
  const connections = Array.from({ length: plan.connections }, () => createConnection(plan, run));
  if (plan.keepAlive) await Promise.all(connections.map(({ open }) => open()));
  onBegun();
  const startedAt = performance.now();
  const endsAt = startedAt + plan.seconds * 1000;
  const isOver = () => run.isExhausted() || performance.now() >= endsAt || signal?.aborted === true;
  try {
    await (plan.perSecond === null
      ? Promise.all(connections.map((one) => askInTurn(one, isOver)))
      : askAtRate(connections, plan.perSecond, startedAt, isOver));
    const seconds = (performance.now() - startedAt) / 1000;
    const inMs = (percentile: number) => latencies.percentile(percentile) / 1000;
    return {
      answered: latencies.count,
      failed: failures.length,
      failure: failures[0] ?? null,
      perSecond: latencies.count / seconds,
      p50Ms: inMs(50),
      p975Ms: inMs(97.5),
      p99Ms: inMs(99),
    };
  } finally {
    await Promise.all(connections.map(({ close }) => close()));
  }
}

interface Run {
  /** Counts one request, and returns its template's index, its license and its unique number. */
  readonly next: () => readonly [template: number, license: number, unique: number];
  readonly isExhausted: () => boolean;
  /** A request whose latency counts from `dueAt` was answered now, as it should be. */
  readonly answered: (dueAt: number) => void;
  /** The server could not answer a request, most often because the check waited until its deadline. */
  readonly failed: (answer: string) => void;
}

/** The number of requests that this process has sent. No two have the same number. */
let unique = 0;

function createRun(
  { licenses: { first, count }, templates, eachOnce }: LoadPlan,
  reports: Pick<Run, 'answered' | 'failed'>,
): Run {
  const stride = count % step === 0 ? 1 : step % count || 1;
  let sent = 0;
  // Each load goes on where the one before ended: otherwise all of them would ask the same few of many licenses.
  let at = (unique * stride) % count;
  return {
    next: () => {
      const license = first + at;
      at = (at + stride) % count;
      unique += 1;
      sent += 1;
      return [(sent - 1) % templates.length, license, unique];
    },
    isExhausted: () => eachOnce && sent >= count,
    ...reports,
  };
}

interface Connection {
  readonly open: () => Promise<void>;
  /** Sends the next request of the run. `dueAt`: the instant from which its latency counts. Resolves with its answer. */
  readonly ask: (dueAt: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

function createConnection(
  { port, tls, keepAlive, templates, acceptsRefusals = false }: LoadPlan,
  run: Run,
): Connection {
  const requests = templates.map((template) => ({
    ...prepareRequest(template),
    ...template,
    marker: Buffer.from(template.marker),
  }));
  let socket: Socket | null = null;
  let received: Buffer | null = null;
  let waiting: {
    expected: (typeof requests)[number];
    dueAt: number;
    done: () => void;
    fail: (why: Error) => void;
  } | null = null;

  function onData(chunk: Buffer): void {
    // A server says 408 on a connection that it gives up because nothing was sent for a while.
    if (!waiting) {
      socket?.destroy();
      return;
    }
    const bytes = received ? Buffer.concat([received, chunk]) : chunk;
    const head = readAnswerHead(bytes);
    if (!head || bytes.length < head.end) {
      received = bytes;
      return;
    }
    received = null;
    const { expected, dueAt, done, fail } = waiting;
    waiting = null;
    const isGranted = head.status === expected.status && bytes.indexOf(expected.marker, head.bodyStart) !== -1;
    const isExpected = isGranted || (acceptsRefusals && head.status < 500);
    const describe = () => `${expected.text.split('\r\n')[0] ?? ''} was answered ${bytes.toString()}`;
    if (isExpected) run.answered(dueAt);
    else if (head.status >= 500) run.failed(describe());
    else fail(new Error(describe()));
    done();
  }

  function open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', noDelay: true };
      const opened = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options);
      socket = opened;
      opened.once(tls ? 'secureConnect' : 'connect', () => {
        resolve();
      });
      opened.on('data', onData);
      opened.on('error', reject);
      opened.on('close', () => {
        waiting?.fail(new Error('A connection was closed before its answer.'));
      });
    });
  }

  function close(): Promise<void> {
    const closing = socket;
    socket = null;
    if (!closing || closing.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      closing.once('close', () => {
        resolve();
      });
      closing.destroy();
    });
  }

  async function ask(dueAt: number): Promise<void> {
    if (!keepAlive || socket?.destroyed) await open();
    const [template, license, number] = run.next();
    const request = requests[template];
    if (!request || !socket) throw new Error('A connection is asked before it is open.');
    const answered = new Promise<void>((done, fail) => {
      waiting = { expected: request, dueAt, done, fail };
    });
    request.fill(license, number);
    socket.write(request.bytes);
    await answered;
    if (!keepAlive) await close();
  }

  return { open, ask, close };
}

async function askInTurn(connection: Connection, isOver: () => boolean): Promise<void> {
  while (!isOver()) await connection.ask(performance.now());
}

/**
 * Sends requests at a rate that does not depend on the answers. A request that finds all connections waiting is sent by
 * the first one that is free; its latency counts from the instant at which it was due.
 */
async function askAtRate(
  connections: readonly Connection[],
  perSecond: number,
  startedAt: number,
  isOver: () => boolean,
): Promise<void> {
  const free = [...connections];
  const asking = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let begun = 0;
  while (!isOver() && failures.length === 0) {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (let connection = free.at(-1); connection && begun < due; connection = free.at(-1)) {
      const used = connection;
      free.pop();
      const dueAt = startedAt + (begun / perSecond) * 1000;
      begun += 1;
      const asked = used.ask(dueAt).then(
        () => {
          free.push(used);
        },
        (error: unknown) => {
          failures.push(error);
        },
      );
      asking.add(asked);
      void asked.finally(() => asking.delete(asked));
    }
    await wait(tickMs);
  }
  await Promise.all(asking);
  if (failures.length > 0) throw failures[0];
}
