import { afterEach, expect, test } from '@jest/globals';
import { noPoints, type ValidationPoints } from '../../src/domain/points.ts';
import { describeOverStores } from './support/over-stores.ts';
import { send } from './support/send.ts';
import { startWire, type Wire } from './support/start-wire.ts';
import type { WireStore } from './support/stores.ts';
import { worldGuildId } from './support/world.ts';

const path = '/license/abcde/GOLD1-GOLD2-GOLD3-GOLD4-GOLD5/verify';
const granted = '{"valid":true,"result":"VALID"}';
const spent = '{"valid":false,"result":"RATE_LIMIT_EXCEEDED"}';

let wire: Wire | undefined;
afterEach(async () => {
  await wire?.stop();
  wire = undefined;
});

async function start(store: WireStore, points: ValidationPoints): Promise<Wire> {
  wire = await startWire({ store, world: { license: { points } } });
  return wire;
}

/** How many of so many at once were granted; all others must have been told that the points are spent. */
async function race({ http }: Wire, count: number): Promise<number> {
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) => send(http.port, { path, method: index % 2 === 0 ? 'GET' : 'POST' })),
  );
  const bodies = answers.map(({ body }) => body);
  const grants = bodies.filter((body) => body === granted).length;
  expect(bodies.filter((body) => body === spent)).toHaveLength(count - grants);
  return grants;
}

async function pointsLeft({ storage }: Wire): Promise<number | null> {
  const [license] = await storage.licenses(worldGuildId, {}, { limit: 1, beforeId: null });
  return license!.points.left;
}

describeOverStores((store) => {
  test('60 checks at once with 7 validation points are granted exactly 7 times', async () => {
    const running = await start(store, { ...noPoints, left: 7 });
    expect(await race(running, 60)).toBe(7);
    expect(await pointsLeft(running)).toBe(0);
    expect(await race(running, 10)).toBe(0);
    const attempts = await running.storage.attempts(worldGuildId, {}, { limit: 100, beforeId: null });
    const results = attempts.map(({ result }) => result);
    expect(results.filter((result) => result === 'granted')).toHaveLength(7);
    expect(results.filter((result) => result === 'points-spent')).toHaveLength(63);
  });

  test('what comes back with each whole interval is raced for as well, and never more than the cap', async () => {
    const refilled = {
      limit: 5,
      amount: 2,
      interval: 'minute',
      refilledAt: new Date('2030-06-15T12:00:00.000Z'),
    } as const;
    const running = await start(store, { left: 3, ...refilled });
    expect(await race(running, 20)).toBe(3);
    running.clock.advance(59_999);
    expect(await race(running, 20)).toBe(0);
    running.clock.advance(1);
    expect(await race(running, 20)).toBe(2);
    running.clock.advance(10 * 60_000);
    expect(await race(running, 20)).toBe(5);
    running.clock.advance(-5 * 60_000);
    expect(await race(running, 20)).toBe(0);
  });

  test('checks in other protocols spend none', async () => {
    const running = await start(store, { ...noPoints, left: 1 });
    const lukittu = '/api/v1/client/teams/11111111-2222-4333-8444-555555555555/verification/verify';
    const body = { licenseKey: 'GOLD1-GOLD2-GOLD3-GOLD4-GOLD5' };
    expect(await send(running.http.port, { path: lukittu, body })).toMatchObject({ status: 200 });
    expect(await send(running.http.port, { path: lukittu, body })).toMatchObject({ status: 200 });
    expect(await pointsLeft(running)).toBe(1);
    expect(await race(running, 5)).toBe(1);
    expect(await send(running.http.port, { path: lukittu, body })).toMatchObject({ status: 200 });
  });
});
