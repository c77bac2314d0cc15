import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type BodyChunks, jsonResponse, type Route } from '../../src/http/route.ts';
import { openServer, type RunningServer, type Timeouts } from '../../src/http/server.ts';
import { send, sendRaw } from './support/send.ts';

const ok = jsonResponse(200, { status: 'ok' });
const minute = 60_000;
/** No time-out but those that a test shortens ends anything within the test. */
const long = { headersMs: minute, requestMs: minute, keepAliveMs: minute, checkEveryMs: 20, lingerMs: 0, graceMs: 0 };

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function route(path: string, handle: Route['handle']): Route {
  return { path, auth: 'public', methods: ['GET', 'POST'], headers: {}, handle, wrongMethod: ok, failed: ok };
}

async function serve(timeouts: Partial<Timeouts>, body?: BodyChunks): Promise<number> {
  const routes = [
    route('/quick', () => Promise.resolve(ok)),
    route('/reads', async (request) => {
      await request.resume().toArray();
      return ok;
    }),
    route('/streams', () => Promise.resolve(body ? { status: 200, headers: {}, body } : ok)),
  ];
  server = await openServer({ host: '127.0.0.1', port: 0, routes, tls: null, onError: () => 0, timeouts });
  return server.port;
}

test('as shipped: 5 s for a head, 10 s for a request, 65 s between two, 75 s without a byte, 20,000 connections', async () => {
  const port = await serve({});
  const servers: Server[] = [];
  const remember = (message: unknown) => servers.push((message as { readonly server: Server }).server);
  subscribe('http.server.request.start', remember);
  await send(port, { method: 'GET', path: '/quick' });
  unsubscribe('http.server.request.start', remember);
  const { headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections } = servers[0]!;
  expect({ headersTimeout, requestTimeout, keepAliveTimeout, timeout, maxConnections }).toEqual({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    keepAliveTimeout: 65_000,
    timeout: 75_000,
    maxConnections: 20_000,
  });
});

describe('each alone', () => {
  test('a head that does not come to its end', async () => {
    const port = await serve({ ...long, headersMs: 50 });
    expect(await sendRaw(port, 'GET /quick HTTP/1.1\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a body that does not come to its end', async () => {
    // Node wants the time-out of the head to be no longer; the head of this request is complete at once.
    const port = await serve({ ...long, headersMs: 200, requestMs: 200 });
    const head = 'POST /reads HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';
    expect(await sendRaw(port, `${head}half`)).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('a connection without a next request', async () => {
    const port = await serve({ ...long, keepAliveMs: 50 });
    expect(await sendRaw(port, 'GET /quick HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a client that does not read its answer', async () => {
    const ended = Promise.withResolvers<undefined>();
    async function* endless() {
      try {
        for (;;) yield await Promise.resolve(Buffer.alloc(64 * 1024));
      } finally {
        ended.resolve(undefined);
      }
    }
    const port = await serve({ ...long, keepAliveMs: 100, requestMs: 100, headersMs: 100 }, endless());
    const client = connect(port, '127.0.0.1').pause();
    client.on('error', () => undefined);
    client.write('GET /streams HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended.promise;
    client.destroy();
  });
});
