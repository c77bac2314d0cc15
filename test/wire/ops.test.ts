import { afterEach, expect, test } from '@jest/globals';
import { createMetrics } from '../../src/http/metrics.ts';
import { createHealthRoutes, createMetricsRoute } from '../../src/http/ops.ts';
import type { Route } from '../../src/http/route.ts';
import { openServer, type RunningServer } from '../../src/http/server.ts';
import { freePort } from '../support/free-port.ts';
import { send } from './support/send.ts';
import { startWire } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function get(routes: readonly Route[], path: string) {
  server ??= await openServer({ host: '127.0.0.1', port: 0, routes, tls: null, onError: () => 0 });
  return send(server.port, { method: 'GET', path });
}

test('a process is ready while its store answers and it is not stopping, and tells the bot’s state', async () => {
  const state = { store: true, stopping: false, at: 0, pings: 0 };
  const routes = createHealthRoutes({
    ping: () => {
      state.pings += 1;
      return state.store ? Promise.resolve() : Promise.reject(new Error('down'));
    },
    botState: () => 'connected',
    isStopping: () => state.stopping,
    now: () => new Date(state.at),
  });
  const ready = () => get(routes, '/readyz');

  expect(await ready()).toMatchObject({ status: 200, body: '{"status":"ready","store":"ok","bot":"connected"}' });
  state.store = false;
  expect(await ready()).toMatchObject({ status: 200 });
  expect(state.pings).toBe(1);
  state.at += 1_000;
  expect(await ready()).toMatchObject({
    status: 503,
    body: '{"status":"unavailable","store":"unavailable","bot":"connected"}',
  });
  expect(await get(routes, '/healthz')).toMatchObject({ status: 200, body: '{"status":"ok"}' });
  state.at += 1_000;
  state.store = true;
  state.stopping = true;
  expect(await ready()).toMatchObject({ status: 503, body: '{"status":"stopping","store":"ok","bot":"connected"}' });
});

test('metrics count checks by protocol and result and tell how many addresses are remembered', async () => {
  const metrics = createMetrics({ countAddresses: () => 7 });
  metrics.countCheck('tki', 'granted', 3);
  metrics.countCheck('tki', 'license-unknown', 3);
  metrics.countCheck('tki', 'granted', 3);
  const answer = await get([createMetricsRoute(metrics)], '/metrics');
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  expect(answer.body).toContain('latchkey_checks_total{protocol="tki",result="granted"} 2\n');
  expect(answer.body).toContain('latchkey_checks_total{protocol="tki",result="license-unknown"} 1\n');
  expect(answer.body).toContain('latchkey_check_duration_seconds_bucket{le="0.005",protocol="tki"} 3\n');
  expect(answer.body).toContain('latchkey_addresses 7\n');
  expect(answer.body).toContain('process_cpu_user_seconds_total');
});

test('metrics are on the ops port only', async () => {
  const config = { ops: { host: '127.0.0.1', port: await freePort() } };
  const wire = await startWire({ store: embeddedStore, config });
  try {
    const { port, opsPort } = wire.http;
    const statusOn = async (at: number, path: string) => (await send(at, { method: 'GET', path })).status;
    expect(await statusOn(port, '/metrics')).toBe(404);
    expect(await statusOn(opsPort ?? 0, '/metrics')).toBe(200);
    for (const at of [port, opsPort ?? 0]) expect(await statusOn(at, '/healthz')).toBe(200);
  } finally {
    await wire.stop();
  }
});
