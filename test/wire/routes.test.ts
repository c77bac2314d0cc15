import { afterEach, expect, test } from '@jest/globals';
import { createProtocols } from '../../src/http/protocols/protocols.ts';
import { authClasses } from '../../src/http/route.ts';
import { send } from './support/send.ts';
import { startWire, type Wire } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';
import { noContext } from '../support/protocol-context.ts';

const routes = createProtocols(noContext).flatMap(({ routes: own }) => own);
const store = embeddedStore;

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

test('every check route declares who may call it, and none is open to all', () => {
  expect(routes.length).toBeGreaterThan(0);
  const closed = authClasses.filter((auth) => auth !== 'public');
  for (const { path, auth } of routes) expect([path, closed.includes(auth)]).toEqual([path, true]);
});

test.each(routes)('$path stores and grants nothing to who brings nothing', async ({ path, methods }) => {
  wire = await startWire({ store });
  for (const method of methods) {
    const { status, body } = await send(wire.http.port, { method, path: path.replace(/:\w+/g, '1') });
    expect(status).toBeLessThan(500);
    expect(body).not.toMatch(/success"|"pass":true|"valid":true|validated/);
  }
  expect(await wire.storage.attempts(worldGuildId, { quiet: true }, { limit: 1, beforeId: null })).toEqual([]);
});

test.each([
  '/',
  '/api',
  '/api/license',
  '/api/license/auth/x',
  '/metrics',
  '/%zz',
  '/api/license/%61uth',
  '/a?b=/api/license/auth',
])('%s is a path of no protocol', async (path) => {
  wire = await startWire({ store });
  const answer = await send(wire.http.port, { path });
  expect(answer).toMatchObject({ status: 404, body: '{"error":"not_found"}' });
  expect(answer.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  expect(answer.headers).not.toHaveProperty('x-powered-by');
});
