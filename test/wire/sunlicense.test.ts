import { afterEach, expect, test } from '@jest/globals';
import { inheritedLimits } from '../../src/domain/limits.ts';
import { send, type WireRequest } from './support/send.ts';
import { startWire, type Wire, type WireOptions } from './support/start-wire.ts';
import { embeddedStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';

const page = { limit: 50, beforeId: null };

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(options: Partial<WireOptions> = {}): Promise<Wire> {
  wire = await startWire({ store: embeddedStore, ...options });
  return wire;
}

function validate(own: object = {}): WireRequest {
  const licenseKey = 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5';
  return { path: '/api/v1/validate', body: { licenseKey, productId: 7, hwid: 'MACHINE-1', ...own } };
}

async function slotsOf({ storage }: Wire) {
  const [license] = await storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null });
  const { bindings, counts } = await storage.bindings(worldGuildId, license!.id, 10);
  return { counts, values: bindings.map(({ kind, value }) => `${kind} ${value}`).sort() };
}

test('everything that a client tells is stored with the attempt', async () => {
  const { http, storage } = await start();
  await send(http.port, {
    ...validate({
      productVersion: '1.0.0',
      ip: '198.51.100.7',
      macAddress: '00-1B-63-84-45-E6',
      operatingSystem: 'Windows 10',
      operatingSystemVersion: '10.0',
      operatingSystemArchitecture: 'amd64',
      javaVersion: '17.0.2',
    }),
    headers: { 'user-agent': 'Java/17', 'cf-ipcountry': 'FR' },
  });
  expect(await storage.attempts(worldGuildId, {}, page)).toMatchObject([
    {
      protocol: 'sunlicense',
      result: 'granted',
      productId: 7,
      product: '7',
      version: '1.0.0',
      declaredIp: '198.51.100.7',
      observedIp: '127.0.0.1',
      countedIp: 'declared',
      hwid: 'MACHINE-1',
      mac: '00-1B-63-84-45-E6',
      country: 'FRA',
      userAgent: 'Java/17',
      info: 'operatingSystem: Windows 10, operatingSystemVersion: 10.0, operatingSystemArchitecture: amd64, javaVersion: 17.0.2',
    },
  ]);
});

test('the declared IP takes the slot instead of the observed one, or does not where the guild says so', async () => {
  const request = validate({ ip: '198.51.100.7' });
  const accepting = await start();
  await send(accepting.http.port, request);
  expect((await slotsOf(accepting)).values).toEqual(['hwid MACHINE-1', 'ip 198.51.100.7']);
  await accepting.stop();

  const refusing = await start({ world: { settings: { 'sunlicense.acceptDeclaredIp': false } } });
  await send(refusing.http.port, request);
  expect((await slotsOf(refusing)).values).toEqual(['hwid MACHINE-1', 'ip 127.0.0.1']);
});

test('of 30 new machines at once exactly as many pass as there are slots', async () => {
  const limits = { ...inheritedLimits, ip: null, hwid: 3, mac: 2 };
  const started = await start({ world: { license: { limits } } });
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, index) =>
      send(started.http.port, validate({ hwid: `MACHINE-${index}`, macAddress: `00-00-00-00-00-${index}` })),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  const { counts } = await slotsOf(started);
  expect(counts).toMatchObject({ hwid: 2, mac: 2 });
});
