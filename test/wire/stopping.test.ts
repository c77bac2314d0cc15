import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../support/free-port.ts';
import { send, sendRaw } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { held } from './support/stores-watched.ts';
import { embeddedStore } from './support/stores.ts';
import { tkiBytes } from './support/tki-request.ts';

let wire: Wire | undefined;
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store: embeddedStore, ...options });
  return wire;
}

/** A connection that the server has accepted, with what it answers until it closes the connection. */
async function keepAlive(port: number) {
  const socket = connect(port, '127.0.0.1');
  clients.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = once(socket, 'close');
  const ask = async (bytes: string) => {
    socket.write(bytes);
    await once(socket, 'data');
  };
  await ask(tkiBytes());
  text = '';
  return { socket, ask, all: () => ended.then(() => text), soFar: () => text };
}

const headsOf = (answer: string) => [...answer.matchAll(/HTTP\/1\.1 (\d+)[^]*?\r\nConnection: ([\w-]+)/g)];
const outline = (answer: string) => headsOf(answer).map(([, status, connection]) => `${status} ${connection}`);
const readiness = 'GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n';

test('a kept connection whose next request is in the kernel gets its answer, the last one', async () => {
  const { http } = await start();
  const { socket, all } = await keepAlive(http.port);
  socket.write(tkiBytes());
  const stopped = http.stop();
  expect(outline(await all())).toEqual(['200 close']);
  await stopped;
});

test('several that arrived together are all answered, and only the last answer says that it is', async () => {
  const { http } = await start();
  const { socket, all } = await keepAlive(http.port);
  socket.write(tkiBytes() + 'GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n' + tkiBytes().repeat(30));
  const stopped = http.stop();
  const answers = ['200 keep-alive', '404 keep-alive', ...Array.from({ length: 29 }, () => '200 keep-alive')];
  expect(outline(await all())).toEqual([...answers, '200 close']);
  await stopped;
});

test('a request that is on its way is answered, and an idle connection is closed', async () => {
  const { http } = await start();
  const [half, idle] = await Promise.all([keepAlive(http.port), keepAlive(http.port)]);
  const bytes = tkiBytes();
  half.socket.write(bytes.slice(0, 100));
  const stopped = http.stop();
  expect(await idle.all()).toBe('');
  half.socket.write(bytes.slice(100));
  expect(outline(await half.all())).toEqual(['200 close']);
  await stopped;
});

test('a connection that was not accepted yet is answered', async () => {
  const { http } = await start();
  const answer = sendRaw(http.port, tkiBytes());
  const stopped = http.stop();
  expect(outline(await answer)).toEqual(['200 close']);
  await stopped;
});

test('an answer whose head was written before does not keep its connection', async () => {
  const slow = held(embeddedStore);
  const { http } = await start({ store: slow });
  const socket = connect(http.port, '127.0.0.1');
  clients.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(`${tkiBytes()}GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n`);
  await slow.arrived;
  const stopped = http.stop();
  slow.release();
  await once(socket, 'close');
  expect(outline(text)).toEqual(['200 keep-alive', '404 keep-alive']);
  await stopped;
});

test('the readiness turns first: while there are answers to give, it is 503 on both ports', async () => {
  const slow = held(embeddedStore);
  const { http } = await start({ store: slow, config: { ops: { host: '127.0.0.1', port: await freePort() } } });
  const answer = sendRaw(http.port, tkiBytes());
  await slow.arrived;
  const probe = connect(http.port, '127.0.0.1');
  clients.push(probe);
  await once(probe, 'connect');
  const stopped = http.stop();
  probe.write(readiness);
  const [first] = (await once(probe, 'data')) as [Buffer];
  expect(first.toString()).toMatch(/^HTTP\/1\.1 503 [^]*"status":"stopping"/);
  const onOps = await send(http.opsPort ?? 0, { method: 'GET', path: '/readyz' });
  expect(onOps).toMatchObject({ status: 503 });
  slow.release();
  expect(outline(await answer)).toEqual(['200 close']);
  await stopped;
});
