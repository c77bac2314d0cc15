import { afterEach, expect, test } from '@jest/globals';
import { send, type WireRequest } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';

const goldenKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
const page = { limit: 10, beforeId: null };

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store: embeddedStore, ...options });
  return wire;
}

const check = (path: string, more: Partial<WireRequest> = {}): WireRequest => ({
  path,
  headers: { authorization: goldenKey },
  ...more,
});

test('a quiet attempt is stored, and listed only when asked for', async () => {
  const { http, storage } = await start();
  await send(http.port, check('/api/check/7?log=false&info=hidden'));
  expect(await storage.attempts(worldGuildId, {}, page)).toEqual([]);
  expect(await storage.attempts(worldGuildId, { quiet: true }, page)).toMatchObject([
    { result: 'granted', quiet: true, info: 'hidden', product: '7', keySuffix: 'GOLD5' },
  ]);
});

test('what the body says wins over the query, field by field', async () => {
  const { http, storage } = await start();
  await send(http.port, check('/api/check/7?log=false&info=query', { body: { info: 'body' } }));
  await send(http.port, check('/api/check/7?log=false&info=query', { body: { log: true, info: null } }));
  expect(await storage.attempts(worldGuildId, { quiet: true }, page)).toMatchObject([
    { quiet: false, info: 'query' },
    { quiet: true, info: 'body' },
  ]);
});

test('a check of several products is one attempt, in the guild that has the key', async () => {
  const { http, storage } = await start();
  const answer = await send(http.port, check('/api/check/multiple', { body: { proIds: [9, 8, 7] } }));
  expect(JSON.parse(answer.body)).toMatchObject({ pass: true, proId: 7 });
  expect(await storage.attempts(worldGuildId, {}, page)).toMatchObject([{ product: '9,8,7', productId: 7 }]);
  expect(await storage.attempts('200000000000000002', {}, page)).toEqual([]);
});

test('an info beyond 1,024 characters is cut, never in the middle of one, and denies no client', async () => {
  const { http, storage } = await start();
  const info = `${'x'.repeat(1023)}\u{1f600}`;
  const { body } = await send(http.port, check('/api/check/7', { body: { info } }));
  expect(body).toContain('"pass":true');
  expect(await storage.attempts(worldGuildId, {}, page)).toMatchObject([{ info: 'x'.repeat(1023) }]);
});

test('HWIDs and MAC addresses that a client tells take no slots', async () => {
  const { http, storage } = await start();
  await send(http.port, check('/api/check/7', { body: { hwid: 'MACHINE-1', macAddress: '00-1B-63-84-45-E6' } }));
  const [license] = await storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null });
  expect((await storage.bindings(worldGuildId, license!.id, 10)).counts).toEqual({ ip: 1, hwid: 0, mac: 0 });
});

test('where no public URL is configured every answer ends with the address that is listened on', async () => {
  const { http, storage } = await start({ config: { http: { publicUrl: null } } });
  const ending = ` - http://127.0.0.1:${http.port}"}`;
  for (const request of [check('/api/check/7'), check('/api/check/8'), check('/api/check/7', { method: 'GET' })]) {
    expect((await send(http.port, request)).body).toMatch(new RegExp(`${ending}$`));
  }
  await storage.close();
  const { status, body } = await send(http.port, check('/api/check/7'));
  expect({ status, body }).toMatchObject({ status: 500, body: expect.stringMatching(new RegExp(`${ending}$`)) });
});

test.each([
  goldenKey.toLowerCase(),
  `Basic ${goldenKey}`,
  `Bearer Bearer ${goldenKey}`,
  `${goldenKey}, ${goldenKey}`,
  `${goldenKey}%00`,
  `"${goldenKey}"`,
  goldenKey.slice(0, -1),
  `${goldenKey}-`,
  '*',
  '%',
  "' OR 1=1 --",
  '{"$ne":null}',
  'undefined',
  'null',
  '[object Object]',
  'golden-api-key',
])('%s in Authorization is not the key', async (authorization) => {
  const { http } = await start();
  for (const path of ['/api/check/7', '/api/checkitem/7', '/api/check/multiple?proIds=7']) {
    const { body } = await send(http.port, check(path, { headers: { authorization } }));
    expect(body).toContain('The supplied license key was not found.');
  }
});
