import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type BodyChunks, type HttpResponse, jsonResponse, type Route } from '../../src/http/route.ts';
import { openServer, type RunningServer } from '../../src/http/server.ts';
import { send, sendRaw } from './support/send.ts';

const failed = jsonResponse(500, { error: 'failed' });
const megabyte = 1024 * 1024;
const chunk = Buffer.alloc(64 * 1024, 'x');

let server: RunningServer | undefined;
const errors: unknown[] = [];
afterEach(async () => {
  errors.length = 0;
  await server?.stop();
  server = undefined;
});

/** A server whose `/list` answers with these chunks, and its port. */
async function serve(body: () => BodyChunks): Promise<number> {
  const answer = (): HttpResponse => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: body() });
  const route: Route = {
    path: '/list',
    auth: 'public',
    methods: ['GET', 'HEAD'],
    headers: { 'X-Route': 'list' },
    handle: () => Promise.resolve(answer()),
    wrongMethod: failed,
    failed,
  };
  const onError = (error: unknown) => errors.push(error);
  server = await openServer({ host: '127.0.0.1', port: 0, routes: [route], tls: null, onError });
  return server.port;
}

async function* numbers(count: number): AsyncGenerator<string> {
  for (let index = 0; index < count; index += 1) yield await Promise.resolve(`row ${index}, “täglich”\n`);
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of chunks) text += part;
  return text;
}

/** Asks for the list and leaves the body to the test. */
async function open(port: number): Promise<IncomingMessage> {
  const outgoing = request({ host: '127.0.0.1', port, path: '/list', agent: false }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

describe('a streamed body', () => {
  test('arrives whole, without a length, with the headers of answer and route', async () => {
    const port = await serve(() => numbers(20_000));
    const { status, headers, body } = await send(port, { method: 'GET', path: '/list' });
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-route': 'list' });
    expect(headers).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(headers).not.toHaveProperty('content-length');
    expect(body).toBe(await textOf(numbers(20_000)));
  });

  test('may be empty', async () => {
    const port = await serve(() => numbers(0));
    expect(await send(port, { method: 'GET', path: '/list' })).toMatchObject({ status: 200, body: '' });
  });

  test('leaves the connection open for the next request, and ends it for a client of HTTP/1.0', async () => {
    const port = await serve(() => numbers(2));
    const ask = (headers: string, version = '1.1') => `GET /list HTTP/${version}\r\nHost: x\r\n${headers}\r\n`;
    const both = await sendRaw(port, ask('') + ask('Connection: close\r\n'));
    expect(both.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(both.match(/row 1, /g)).toHaveLength(2);
    expect(await sendRaw(port, ask('', '1.0'))).toMatch(/\r\n\r\nrow 0, “täglich”\nrow 1, “täglich”\n$/);
  });

  test('is not produced for HEAD', async () => {
    let started = 0;
    const port = await serve(async function* () {
      started += 1;
      yield* numbers(1);
    });
    const answer = await send(port, { method: 'HEAD', path: '/list' });
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/plain' }, body: '' });
    expect(started).toBe(0);
  });

  test('is produced no faster than a slow client reads it', async () => {
    const total = 128 * megabyte;
    let produced = 0;
    let read = 0;
    let maxAhead = 0;
    const port = await serve(async function* () {
      while (produced < total) {
        produced += chunk.length;
        maxAhead = Math.max(maxAhead, produced - read);
        yield await Promise.resolve(chunk);
      }
    });
    for await (const part of await open(port)) read += (part as Buffer).length;
    expect(read).toBe(total);
    // What the buffers of two sockets on loopback hold.
    expect(maxAhead).toBeLessThan(48 * megabyte);
  });

  test('is no longer produced when the client disconnects', async () => {
    let end: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let produced = 0;
    const port = await serve(async function* () {
      try {
        for (;;) {
          produced += 1;
          yield await Promise.resolve(chunk);
        }
      } finally {
        end();
      }
    });
    const response = await open(port);
    await once(response, 'readable');
    response.destroy();
    await ended;
    expect(produced).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test('that fails in the middle cuts the connection, so that no client takes it for whole', async () => {
    const broken = new Error('The store went away.');
    let fail: () => void;
    const failing = new Promise<void>((resolve) => (fail = resolve));
    const port = await serve(async function* () {
      yield* numbers(3);
      await failing;
      throw broken;
    });
    const response = await open(port);
    await once(response, 'readable');
    expect(String(response.read())).toContain('row 2, ');
    fail!();
    await expect(once(response, 'end')).rejects.toThrow('aborted');
    expect(response.complete).toBe(false);
    expect(errors).toEqual([broken]);
  });

  test('that fails before its first chunk is answered as the route fails', async () => {
    const broken = new Error('The store went away.');
    const port = await serve(async function* () {
      yield* await Promise.reject<readonly string[]>(broken);
    });
    const answer = await send(port, { method: 'GET', path: '/list' });
    expect(answer).toMatchObject({ status: 500, body: failed.body, headers: { 'x-route': 'list' } });
    expect(errors).toEqual([broken]);
  });

  test('is finished while the server stops, which then does not wait for the connection', async () => {
    let release: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const port = await serve(async function* () {
      yield 'first';
      await held;
      yield 'last';
    });
    const answer = sendRaw(port, 'GET /list HTTP/1.1\r\nHost: x\r\n\r\n');
    const other = await open(port);
    await once(other, 'readable');
    const stopped = server!.stop();
    release!();
    expect(await answer).toMatch(/first[^]*last\r\n0\r\n\r\n$/);
    other.resume();
    await stopped;
  });
});
