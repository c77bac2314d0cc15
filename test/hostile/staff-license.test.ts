import { afterEach, expect, test } from '@jest/globals';
import { send } from '../wire/support/send.ts';
import { startWire, type Wire } from '../wire/support/start-wire.ts';
import { embeddedStore } from '../wire/support/stores.ts';
import { tkiRequest } from '../wire/support/tki-request.ts';
import { type WorldChanges, worldGuildId } from '../wire/support/world.ts';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

const none = { ip: 'inherit', hwid: 'inherit', mac: 'inherit' } as const;
const listed = (type: 'ip' | 'hwid' | 'key' | 'user' | 'country', value: string): WorldChanges => ({
  blacklist: [{ type, value }],
});
const license = (own: NonNullable<WorldChanges['license']>): WorldChanges => ({ license: own });

test.each<[string, WorldChanges, string]>([
  ['from a blacklisted declared IP', listed('ip', '198.51.100.7'), 'Your IP is blacklisted!'],
  ['from a blacklisted observed IP', listed('ip', '203.0.113.0/24'), 'Your IP is blacklisted!'],
  ['from a blacklisted HWID', listed('hwid', 'machine-1'), 'Your HWID is blacklisted!'],
  ['from a blacklisted country', listed('country', 'DE'), 'Your country is blacklisted!'],
  [
    'with a blacklisted key',
    listed('key', 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5'),
    'Your License is blacklisted at the moment!',
  ],
  ['of a blacklisted owner', listed('user', '123456789012345678'), 'Your Discord account is blacklisted!'],
  ['that is suspended', license({ suspended: true }), 'License is suspended'],
  ['that its owner switched off', license({ switchedOff: true }), 'License is switched off'],
  ['that has expired', license({ expiresAt: '2030-06-15T12:00:00.000Z' }), 'License has expired'],
  ['that is deleted', license({ deleted: true }), 'License not found'],
  ['whose product is deleted', { product: { deleted: true } }, 'License not found'],
  ['whose IPs are full', license({ limits: { ...none, ip: 0 } }), 'Maximum number of IPs reached'],
  ['whose HWIDs are full', license({ limits: { ...none, hwid: 0 } }), 'Maximum number of HWIDs reached'],
  ['in a guild whose HWIDs are full', { settings: { 'limits.hwid': 0 } }, 'Maximum number of HWIDs reached'],
])('a staff license %s is refused, for any product and version', async (_case, changes, message) => {
  const world = { ...changes, license: { ...changes.license, staff: true } };
  wire = await startWire({ store: embeddedStore, world });
  const headers = { 'x-forwarded-for': '203.0.113.5', 'cf-ipcountry': 'DE' };
  for (const asked of [{}, { product: 'Anything', version: '99' }]) {
    const { body } = await send(wire.http.port, tkiRequest(asked, headers));
    expect(JSON.parse(body)).toEqual({ message, status_overview: 'failed' });
  }
  const granted = { result: 'granted' } as const;
  expect(await wire.storage.attempts(worldGuildId, granted, { limit: 1, beforeId: null })).toEqual([]);
});

test('a staff license takes slots like any other, and no more than there are', async () => {
  const world = license({ staff: true, limits: { ...none, hwid: 2 } });
  wire = await startWire({ store: embeddedStore, world });
  const statuses: number[] = [];
  for (const hwid of ['A', 'B', 'C', 'A']) {
    statuses.push((await send(wire.http.port, tkiRequest({ hwid, product: 'Anything' }))).status);
  }
  expect(statuses).toEqual([200, 200, 400, 200]);
});

test('a license that is not for staff still passes no product or version check', async () => {
  wire = await startWire({ store: embeddedStore });
  expect(await send(wire.http.port, tkiRequest({ product: 'Other' }))).toMatchObject({ status: 400 });
  expect(await send(wire.http.port, tkiRequest({ product: 'Anything' }))).toMatchObject({ status: 404 });
  expect(await send(wire.http.port, tkiRequest({ version: '99' }))).toMatchObject({ status: 400 });
});
