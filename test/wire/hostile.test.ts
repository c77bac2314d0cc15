import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { send, type WireRequest, type WireResponse } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { describeOverStores } from './support/over-stores.ts';
import { failedKeys, tkiRequest } from './support/tki-request.ts';
import { worldGuildId } from './support/world.ts';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: WireOptions): Promise<Wire> {
  wire = await startWire(options);
  return wire;
}

/** The system's own failure, and nothing else. */
function expectRefusal({ status, headers, body }: WireResponse): void {
  expect([400, 401, 403, 404, 405, 429]).toContain(status);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  const parsed = JSON.parse(body) as Record<string, unknown>;
  expect(Object.keys(parsed)).toEqual(failedKeys);
  expect(parsed.status_overview).toBe('failed');
}

const guardOff = { guard: { failures: 0 } };

describeOverStores((store) => {
  test('any bytes get an answer of the system’s shape', async () => {
    const { http, errors } = await start({ store, config: guardOff });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom('', 'gzip', 'br', 'deflate', 'x'), async (body, encoding) => {
        const { path, headers } = tkiRequest({}, encoding === '' ? {} : { 'content-encoding': encoding });
        const bodyBase64 = Buffer.from(body).toString('base64');
        expectRefusal(await send(http.port, { path, bodyBase64, ...(headers && { headers }) }));
      }),
      { numRuns: 200, seed: 1 },
    );
    expect(errors).toEqual([]);
  });

  test('forged headers tell no address: neither a limit nor a blacklist can be passed with them', async () => {
    const world = { blacklist: [{ type: 'ip', value: '127.0.0.1' }] } as const;
    const { http } = await start({ store, world, config: { http: { clientIpHeader: 'x-real-ip' } } });
    const forged = {
      'x-forwarded-for': '203.0.113.1',
      'cf-connecting-ip': '203.0.113.1',
      forwarded: 'for=203.0.113.1',
    };
    expect(await send(http.port, tkiRequest({}, forged))).toMatchObject({ status: 403 });
    expect(await send(http.port, tkiRequest({}, { ...forged, 'x-real-ip': '203.0.113.1' }))).toMatchObject({
      status: 200,
    });
  });

  test('a forgotten proxy gets ten times the limit and is guarded later, and staff are told once', async () => {
    const config = { rateLimit: { tki: 20 }, guard: { failures: 1 }, http: { trustedProxies: [] } };
    const { http, alerts } = await start({ store, config });
    const forwarded = { 'x-forwarded-for': '203.0.113.1' };
    const statuses = async (requests: readonly WireRequest[]) => {
      const all: number[] = [];
      for (const request of requests) all.push((await send(http.port, request)).status);
      return all;
    };
    const grants = (count: number) => Array.from({ length: count }, () => tkiRequest({}, forwarded));
    expect(await statuses(grants(25))).toEqual(grants(25).map(() => 200));
    expect(alerts.map(({ kind, subject }) => [kind, subject])).toEqual([['undeclared-proxy', '127.0.0.1']]);

    const guesses = Array.from({ length: 12 }, (_, index) => tkiRequest({ licensekey: `WRONG-${index}` }, forwarded));
    const missed = [...Array.from({ length: 11 }, () => 404), 429];
    expect(await statuses(guesses)).toEqual(missed);
    expect(await statuses(grants(1))).toEqual([200]);
  });

  test('one header of one request changes no limit', async () => {
    const { http, alerts } = await start({ store, config: { rateLimit: { tki: 1 }, http: { trustedProxies: [] } } });
    const forwarded = tkiRequest({}, { 'x-forwarded-for': '203.0.113.1' });
    const unknown = tkiRequest({ licensekey: 'WRONG' }, { 'x-forwarded-for': '203.0.113.1' });
    expect(await send(http.port, forwarded)).toMatchObject({ status: 200 });
    expect(await send(http.port, unknown)).toMatchObject({ status: 429 });
    expect(alerts).toEqual([]);
  });

  test('over the limit the licenses of an address pass ten times as often, and nothing else does', async () => {
    const { http, storage } = await start({ store, config: { rateLimit: { tki: 2 }, guard: { failures: 0 } } });
    const from = (address: string, data = {}) => tkiRequest(data, { 'x-forwarded-for': address });
    const statusOf = async (request: WireRequest) => (await send(http.port, request)).status;
    expect(await statusOf(from('203.0.113.1'))).toBe(200);
    const asked = [{}, { licensekey: 'WRONG' }, { product: '' }, {}, { version: '9.9.9' }];
    const statuses = [];
    for (const data of asked) statuses.push(await statusOf(from('203.0.113.1', data)));
    // The last one passes, and its version is denied as anywhere else.
    expect(statuses).toEqual([200, 429, 429, 200, 400]);
    for (let index = 0; index < 14; index += 1) expect(await statusOf(from('203.0.113.1'))).toBe(200);
    expect(await statusOf(from('203.0.113.1'))).toBe(429);
    expect(await statusOf({ ...from('203.0.113.1'), headers: { 'x-forwarded-for': '203.0.113.1' } })).toBe(429);
    const attempts = await storage.attempts(worldGuildId, {}, { limit: 100, beforeId: null });
    expect(attempts).toHaveLength(18);
    expect(await statusOf(from('203.0.113.2'))).toBe(200);
  });

  test('400 guessed keys make a handful of attempts, and a bound customer on that address still passes', async () => {
    const { http, storage, alerts } = await start({ store, config: { rateLimit: { tki: 100 } } });
    const customer = tkiRequest();
    expect(await send(http.port, tkiRequest({}, { 'x-forwarded-for': '203.0.113.1' }))).toMatchObject({ status: 200 });

    const guesses = Array.from({ length: 400 }, (_, index) => tkiRequest({ licensekey: `GUESS-${index}` }));
    const statuses: number[] = [];
    for (let at = 0; at < guesses.length; at += 20) {
      const answers = await Promise.all(guesses.slice(at, at + 20).map((guess) => send(http.port, guess)));
      statuses.push(...answers.map(({ status }) => status));
    }

    expect(statuses.filter((status) => status === 404).length).toBeLessThanOrEqual(40);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(360);
    expect(await send(http.port, customer)).toMatchObject({ status: 200 });
    expect(alerts.map(({ kind, subject }) => [kind, subject])).toEqual([['guard-block', '127.0.0.1']]);
    const attempts = await storage.attempts(worldGuildId, {}, { limit: 100, beforeId: null });
    expect(attempts.length).toBeLessThanOrEqual(42);
  });

  test('what guard and limit refused and what no guild was found for is counted in the store', async () => {
    const { http, storage } = await start({ store, config: { rateLimit: { tki: 3 }, guard: { failures: 1 } } });
    const from = { 'x-forwarded-for': '203.0.113.1' };
    for (let index = 0; index < 5; index += 1) await send(http.port, tkiRequest({ licensekey: 'WRONG' }, from));
    for (let index = 0; index < 5; index += 1)
      await send(http.port, tkiRequest({}, { authorization: `wrong-${index}` }));
    await http.stop();
    const minute = new Date('2030-06-15T12:00:00.000Z');
    const counts = await storage.rejectedRequests(new Date(0), 10);
    expect(counts).toHaveLength(3);
    expect(counts).toEqual(
      expect.arrayContaining([
        { minute, observedIp: '203.0.113.1', protocol: 'tki', kind: 'rate-limited', count: 2 },
        { minute, observedIp: '127.0.0.1', protocol: 'tki', kind: 'unknown-guild', count: 2 },
        { minute, observedIp: '127.0.0.1', protocol: 'tki', kind: 'guarded', count: 3 },
      ]),
    );
  });
});
