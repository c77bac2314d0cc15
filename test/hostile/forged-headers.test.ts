import { afterEach, expect, test } from '@jest/globals';
import { send } from '../wire/support/send.ts';
import { type ConfigChanges, startWire, type Wire } from '../wire/support/start-wire.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiRequest } from '../wire/support/tki-request.ts';
import { worldGuildId } from '../wire/support/world.ts';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

const forged = '203.0.113.66';
/** Every header in which some proxy somewhere tells an address. */
const names = [
  'x-forwarded-for',
  'x-real-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-forwarded',
  'forwarded-for',
  'fastly-client-ip',
  'x-appengine-user-ip',
  'x-original-forwarded-for',
];
const allBut = (left: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(names.filter((name) => name !== left).map((name) => [name, forged])),
  forwarded: `for=${forged};proto=https`,
  via: '1.1 proxy',
});
const all = allBut('');

async function observedIp(http: ConfigChanges['http'], headers: Readonly<Record<string, string>>): Promise<string> {
  wire = await startWire({ store: embeddedStore, config: { http: http ?? {} } });
  expect(await send(wire.http.port, tkiRequest({}, headers))).toMatchObject({ status: 200 });
  const [attempt] = await wire.storage.attempts(worldGuildId, {}, { limit: 1, beforeId: null });
  return attempt!.observedIp;
}

const forwardedFor = 'x-forwarded-for';
const loopback = ['loopback'];

test.each<[string, ConfigChanges['http'], Readonly<Record<string, string>>, string]>([
  ['none is trusted by default', { trustedProxies: [] }, all, '127.0.0.1'],
  ['another machine is trusted', { trustedProxies: ['192.0.2.1', '10.0.0.0/8'] }, all, '127.0.0.1'],
  [
    'the proxy sends X-Forwarded-For, the client the rest',
    {},
    { ...all, [forwardedFor]: '198.51.100.1' },
    '198.51.100.1',
  ],
  ['the proxy sends none, the client all others', {}, allBut('x-forwarded-for'), '127.0.0.1'],
  [
    'the client forges an entry before the proxy’s own',
    {},
    { ...all, [forwardedFor]: `${forged}, 198.51.100.1` },
    '198.51.100.1',
  ],
  [
    'two proxies stand in a chain',
    { trustedProxies: ['loopback', '192.0.2.0/24'] },
    { ...all, [forwardedFor]: `${forged}, 198.51.100.1, 192.0.2.7` },
    '198.51.100.1',
  ],
  [
    'the client pretends to be the first proxy of a chain',
    { trustedProxies: ['loopback', '192.0.2.0/24'] },
    { ...all, [forwardedFor]: `${forged}, 192.0.2.9, 198.51.100.1, 192.0.2.7` },
    '198.51.100.1',
  ],
  ['the header is full of rubbish', {}, { [forwardedFor]: `198.51.100.1, ${'x'.repeat(2_000)}` }, '127.0.0.1'],
  [
    'CF-Connecting-IP counts',
    { clientIpHeader: 'cf-connecting-ip' },
    { ...all, 'cf-connecting-ip': '198.51.100.1' },
    '198.51.100.1',
  ],
  [
    'CF-Connecting-IP counts and is missing',
    { clientIpHeader: 'cf-connecting-ip' },
    allBut('cf-connecting-ip'),
    '127.0.0.1',
  ],
  ['X-Real-IP counts', { clientIpHeader: 'x-real-ip' }, { ...all, 'x-real-ip': '198.51.100.1' }, '198.51.100.1'],
  ['X-Real-IP counts and is missing', { clientIpHeader: 'x-real-ip' }, allBut('x-real-ip'), '127.0.0.1'],
])('where %s, the address is the one that is known', async (_case, http, headers, expected) => {
  expect(await observedIp({ trustedProxies: loopback, ...http }, headers)).toBe(expected);
});

test('a rate limit counts the address that is known, whatever each request claims', async () => {
  const config = { rateLimit: { tki: 5 }, http: { trustedProxies: loopback, clientIpHeader: 'x-real-ip' } };
  wire = await startWire({ store: embeddedStore, config });
  const statuses: number[] = [];
  for (let index = 0; index < 8; index += 1) {
    const headers = {
      ...allBut('x-real-ip'),
      'x-forwarded-for': `203.0.113.${index}`,
      'cf-connecting-ip': `203.0.113.${index}`,
    };
    statuses.push((await send(wire.http.port, tkiRequest({ licensekey: 'WRONG' }, headers))).status);
  }
  expect(statuses).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
});

test('a country is believed from a trusted proxy only', async () => {
  const world = { blacklist: [{ type: 'country', value: 'DE' }] } as const;
  const headers = { 'cf-ipcountry': 'DE', 'x-country-code': 'DE' };
  for (const [trustedProxies, status] of [
    [loopback, 403],
    [[], 200],
  ] as const) {
    wire = await startWire({ store: embeddedStore, world, config: { http: { trustedProxies } } });
    expect(await send(wire.http.port, tkiRequest({}, headers))).toMatchObject({ status });
    await wire.stop();
  }
});
