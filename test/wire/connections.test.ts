import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { jsonResponse, type Route } from '../../src/http/route.ts';
import { openServer, type RunningServer } from '../../src/http/server.ts';
import { send, sendRaw } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';
import { tkiBytes } from './support/tki-request.ts';

let wire: Wire | undefined;
let server: RunningServer | undefined;
let client: Socket | undefined;
afterEach(async () => {
  client?.destroy();
  await wire?.stop();
  await server?.stop();
  wire = server = client = undefined;
});

const statusesOf = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;

async function start(config: WireOptions['config'] = {}): Promise<Wire> {
  wire = await startWire({ store: embeddedStore, config });
  return wire;
}

interface Held {
  readonly port: number;
  /** What the route has begun to answer, each with the instant at which it arrived. */
  readonly begun: { readonly arrivedAt: number; readonly answer: () => void }[];
}

/** A server whose `/slow` answers a request, after it has read its body, only when the test says so. */
async function hold(): Promise<Held> {
  const begun: { arrivedAt: number; answer: () => void }[] = [];
  const ok = jsonResponse(200, { status: 'ok' });
  const route = (path: string, handle: Route['handle']): Route => ({
    path,
    auth: 'public',
    methods: ['GET', 'POST'],
    headers: {},
    handle,
    wrongMethod: ok,
    failed: ok,
  });
  const slow: Route['handle'] = async (request, _path, arrivedAt) => {
    await request.resume().toArray();
    await new Promise<void>((resolve) => begun.push({ arrivedAt, answer: resolve }));
    return ok;
  };
  const routes = [route('/slow', slow), route('/healthz', () => Promise.resolve(ok))];
  const timeouts = { lingerMs: 0, graceMs: 0 };
  server = await openServer({ host: '127.0.0.1', port: 0, routes, tls: null, onError: () => 0, timeouts });
  return { port: server.port, begun };
}

/** The answer to another client proves that the server has read what was sent before it. */
const letServerRead = async (port: number) => {
  for (let turn = 0; turn < 3; turn += 1) await send(port, { method: 'GET', path: '/healthz' });
};

describe('a connection that sends requests without waiting for their answers', () => {
  test('has at most 16 of them answered at a time, and each gets its answer in its order', async () => {
    const { port, begun } = await hold();
    const answer = sendRaw(port, get('/slow').repeat(39), get('/slow', 'Connection: close\r\n'));
    await letServerRead(port);
    expect(begun).toHaveLength(16);
    // HTTP answers in order: the second answer must wait for the first, and frees no place before.
    begun[1]?.answer();
    await letServerRead(port);
    expect(begun).toHaveLength(16);
    begun[0]?.answer();
    await letServerRead(port);
    expect(begun).toHaveLength(18);
    for (let index = 0; index < 40; index += 1) {
      if (!begun[index]) await letServerRead(port);
      begun[index]?.answer();
    }
    expect(statusesOf(await answer)).toEqual(Array.from({ length: 40 }, () => '200'));
  });

  test('is not read further, also when the bodies of its requests are read', async () => {
    const body = 'x'.repeat(2_000);
    const request = `POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    let parsed = 0;
    const count = (message: unknown) => {
      if ((message as { readonly socket: Socket }).socket.remotePort === client?.localPort) parsed += 1;
    };
    const { port, begun } = await hold();
    subscribe('http.server.request.start', count);
    try {
      client = connect(port, '127.0.0.1').resume();
      client.write(request.repeat(2_000));
      for (let index = 0; index < 100; index += 1) {
        while (!begun[index]) await letServerRead(port);
        begun[index]?.answer();
      }
      await letServerRead(port);
      // 64 kB are read at a time, and those that hold the request after the sixteenth are parsed as a whole.
      expect(parsed).toBeLessThan(100 + 16 + (2 * 65_536) / request.length);
    } finally {
      unsubscribe('http.server.request.start', count);
    }
  });

  test('has waited since its requests arrived, not since they were begun', async () => {
    const { port, begun } = await hold();
    client = connect(port, '127.0.0.1').resume();
    client.write(get('/slow').repeat(17));
    await letServerRead(port);
    const before = performance.now();
    begun[0]?.answer();
    while (begun.length < 17) await letServerRead(port);
    expect(begun[16]?.arrivedAt).toBeLessThan(before);
  });

  test('leaves nothing to do where it is closed', async () => {
    const { port, begun } = await hold();
    client = connect(port, '127.0.0.1');
    client.write(get('/slow').repeat(40));
    await letServerRead(port);
    client.resetAndDestroy();
    await letServerRead(port);
    for (const { answer } of begun) answer();
    await letServerRead(port);
    expect(begun).toHaveLength(16);
  });
});

describe('a connection whose requests are rejected', () => {
  const flood = async (port: number, request: string, count: number) => {
    const answer = await sendRaw(port, request.repeat(count));
    expect(answer).not.toContain('Connection: close');
    return statusesOf(answer);
  };

  test.each([
    ['an unknown path', get('/nothing'), '404'],
    ['a method that the route does not have', get('/api/license/auth'), '405'],
    ['an unknown guild', tkiBytes().replace('golden-api-key', 'wrong'), '403'],
  ])('is closed after 32 in a row: %s', async (_what, request, status) => {
    const { http } = await start();
    expect(await flood(http.port, request, 200)).toEqual(Array.from({ length: 32 }, () => status));
  });

  test('answers what it had begun by then, where the answers come one by one', async () => {
    const { http } = await start();
    const answers = await flood(http.port, get('/admin/licenses', 'Authorization: wrong\r\n'), 200);
    expect(new Set(answers)).toEqual(new Set(['401']));
    expect(answers.length).toBeGreaterThanOrEqual(32);
    expect(answers.length).toBeLessThan(32 + 16);
  });

  test('says that it is closed to a client that waits for each answer, as a proxy does', async () => {
    const { http } = await start();
    client = connect(http.port, '127.0.0.1');
    let answer = '';
    client.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    const closed = once(client, 'close');
    for (let expected = 1; expected <= 32; expected += 1) {
      client.write(get('/nothing'));
      while (statusesOf(answer).length < expected) await once(client, 'data');
    }
    await closed;
    expect(answer.match(/Connection: close/g)).toHaveLength(1);
  });

  test('is left unread for a while where it sent more, and is then closed', async () => {
    const ok = jsonResponse(200, {});
    const timeouts = { silenceMs: 300 };
    const handle = () => Promise.resolve(ok);
    const route: Route = {
      path: '/',
      auth: 'public',
      methods: ['GET'],
      headers: {},
      handle,
      wrongMethod: ok,
      failed: ok,
    };
    server = await openServer({ host: '127.0.0.1', port: 0, routes: [route], tls: null, onError: () => 0, timeouts });
    const begunAt = performance.now();
    const answer = await sendRaw(server.port, get('/nothing').repeat(1_000));
    expect(statusesOf(answer)).toHaveLength(32);
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(299);
  });

  test('is closed also where the system’s rejection is no error of HTTP', async () => {
    const { http } = await start({ rateLimit: { licensegate: 1 } });
    const path = '/license/ABCDE/OTHER-GOLD2-GOLD3-GOLD4-GOLD5/verify';
    await send(http.port, { method: 'GET', path });
    expect(await flood(http.port, get(path), 200)).toEqual(Array.from({ length: 32 }, () => '200'));
  });

  test('stays open where others are answered between them, as behind a proxy', async () => {
    const { http } = await start();
    client = connect(http.port, '127.0.0.1');
    let answer = '';
    client.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    for (const expected of [31, 32, 63, 64, 95, 96]) {
      client.write(expected % 32 === 0 ? tkiBytes() : get('/nothing').repeat(31));
      while (statusesOf(answer).length < expected) await once(client, 'data');
    }
    expect(answer).not.toContain('Connection: close');
  });

  test('leaves other connections their turns', async () => {
    const order: string[] = [];
    const ok = jsonResponse(200, {});
    const route: Route = {
      path: '/:name',
      auth: 'public',
      methods: ['GET'],
      headers: {},
      handle: (_request, { params }) => {
        order.push(params.name ?? '');
        return Promise.resolve(ok);
      },
      wrongMethod: ok,
      failed: ok,
    };
    server = await openServer({ host: '127.0.0.1', port: 0, routes: [route], tls: null, onError: () => 0 });
    const bystander = connect(server.port, '127.0.0.1');
    client = connect(server.port, '127.0.0.1').resume();
    await Promise.all([once(bystander, 'connect'), once(client, 'connect')]);
    client.write(get('/flood').repeat(1_000));
    bystander.end(get('/bystander', 'Connection: close\r\n'));
    await once(bystander.resume(), 'close');
    expect(order.indexOf('bystander')).toBeLessThan(100);
  });
});

test('where there are as many connections as may be, idle ones are closed to make room', async () => {
  const ok = jsonResponse(200, { status: 'ok' });
  const handle = () => Promise.resolve(ok);
  const route: Route = {
    path: '/',
    auth: 'public',
    methods: ['GET'],
    headers: {},
    handle,
    wrongMethod: ok,
    failed: ok,
  };
  const routes = [route];
  server = await openServer({ host: '127.0.0.1', port: 0, routes, tls: null, onError: () => 0, maxConnections: 2 });
  const { port } = server;
  const open = async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(get('/'));
    await once(socket, 'data');
    return socket;
  };
  const idle = await Promise.all([open(), open()]);
  const closed = Promise.all(idle.map((socket) => once(socket, 'close')));
  expect(await sendRaw(port, get('/'))).toBe('');
  await closed;
  client = await open();
});
