import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { ApiKey } from '../../../src/domain/api-key.ts';
import { type ApiKeyRoute, createApiKeyRoute } from '../../../src/http/api-key-route.ts';
import { createGuard } from '../../../src/http/guard.ts';
import { createRateLimit } from '../../../src/http/rate-limit.ts';
import { jsonResponse, type Route } from '../../../src/http/route.ts';

type Incoming = Parameters<Route['handle']>[0];

const now = () => new Date(0);
const done = jsonResponse(200, { done: true });
const route: ApiKeyRoute = {
  path: '/own',
  actions: {
    GET: { scope: 'licenses:read', handle: () => Promise.resolve(done) },
    POST: { scope: 'licenses:write', handle: () => Promise.resolve(done) },
  },
  unauthorized: jsonResponse(401, {}),
  missingScope: (scope) => jsonResponse(403, { error: 'missing_scope', scope }),
  tooMany: jsonResponse(429, {}),
  wrongMethod: jsonResponse(405, {}),
  failed: jsonResponse(500, {}),
};
const apiKey: ApiKey = {
  id: 1,
  guildId: 'g1',
  name: 'shop',
  scopes: ['licenses:read'],
  createdAt: now(),
  createdBy: 'cli',
  expiresAt: null,
  revokedAt: null,
};

test('a route of our own says which scope is missing, and a valid key passes the guard', async () => {
  const guard = createGuard({ failures: 1, windowMinutes: 10, blockMinutes: 10, now, onBlock: () => undefined });
  const { handle } = createApiKeyRoute('licensegate', route, {
    readClient: () => ({ ip: '203.0.113.1', country: null, isUndeclaredProxy: false }),
    onUndeclaredProxy: () => undefined,
    guard,
    rateLimit: createRateLimit({ now }),
    limits: { tki: 0, faxstore: 0, sunlicense: 0, lukittu: 0, licensegate: 100 },
    rejectedRequests: { add: () => undefined, flush: () => Promise.resolve() },
    bodyTimeoutMs: 60_000,
    identify: (secret) => Promise.resolve(secret === 'right' ? apiKey : null),
  });
  const ask = async (method: string, authorization: string) => {
    const request = Object.assign(Readable.from([]), { method, headers: { authorization }, socket: {} });
    return handle(request as unknown as Incoming, { params: {}, query: '' }, 0);
  };
  expect(await ask('GET', 'right')).toEqual(done);
  expect(await ask('POST', 'right')).toMatchObject({
    status: 403,
    body: '{"error":"missing_scope","scope":"licenses:write"}',
  });
  const wrong = [await ask('GET', 'a'), await ask('GET', 'b'), await ask('GET', 'c')];
  expect(wrong.map((answer) => answer?.status)).toEqual([401, 401, 429]);
  expect(await ask('GET', 'right')).toEqual(done);
});
