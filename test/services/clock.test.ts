import { describe, expect, test } from '@jest/globals';
import { createServices } from '../../src/services/services.ts';
import { alice, useServices } from '../support/open-services.ts';

const open = useServices();
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A shop whose processes have a clock that is set, and the time that really passes. */
async function openWithProcesses() {
  const world = await open();
  const { clock, storage, random } = world;
  let elapsed = 0;
  const start = () =>
    createServices({
      storage,
      clock: clock.now,
      elapsedMs: () => elapsed,
      randomBytes: random,
      publicUrl: () => 'http://127.0.0.1:3000',
    });
  const pass = (ms: number) => {
    elapsed += ms;
    clock.advance(ms);
  };
  /** Alerts of the clock, as `direction` of what they say. */
  const alerts = async () => {
    const raised = await storage.alertsAfter(0, 100);
    return raised.filter(({ kind }) => kind === 'clock').map(({ text }) => text);
  };
  return { ...world, start, pass, alerts };
}

describe('a clock that agrees with the store', () => {
  test('is believed, also after a quiet month with a server that runs', async () => {
    const { start, pass } = await openWithProcesses();
    const { clock } = start();
    for (let day = 0; day < 100; day += 1) {
      pass(dayMs);
      expect(await clock.watch()).toEqual([]);
    }
    expect(await start().clock.doubt()).toBeNull();
  });

  test('is believed on a store without any entry', async () => {
    const { random } = await open();
    const { clock, storage } = await open();
    clock.advance(200 * dayMs);
    const services = createServices({ storage, clock: clock.now, randomBytes: random, publicUrl: () => '' });
    await storage.setNote('clock.last-believed', clock.now().toISOString(), null);
    expect(await services.clock.doubt()).toBeNull();
  });

  test('is believed at the bounds: 5 minutes behind, 30 days ahead', async () => {
    const { clock, start } = await openWithProcesses();
    clock.advance(-5 * minuteMs);
    expect(await start().clock.doubt()).toBeNull();
    clock.advance(-1);
    expect(await start().clock.doubt()).toMatchObject({ direction: 'behind' });
    clock.advance(5 * minuteMs + 1 + 30 * dayMs);
    expect(await start().clock.doubt()).toBeNull();
    clock.advance(1);
    expect(await start().clock.doubt()).toMatchObject({ direction: 'ahead' });
  });
});

describe('a start over 30 days after the newest entry', () => {
  test('is doubted for an hour, with one alert, and the time is not remembered meanwhile', async () => {
    const { clock, storage, start, pass, alerts } = await openWithProcesses();
    await start().clock.watch();
    const entryAt = clock.now();
    clock.advance(200 * dayMs);
    const first = start();
    const texts = await first.clock.watch();
    expect(texts).toEqual([expect.stringContaining('the newest entry is 200 days old')]);
    pass(59 * minuteMs);
    expect(await first.clock.watch()).toEqual([]);
    expect(await first.clock.doubt()).toMatchObject({ direction: 'ahead', entryAt });
    expect(await first.clock.believedNow()).toEqual(new Date(entryAt.getTime() + 59 * minuteMs));
    // A process that is started now knows no more.
    const second = start();
    expect(await second.clock.doubt()).not.toBeNull();
    pass(minuteMs);
    expect(await first.clock.watch()).toEqual([]);
    expect(await first.clock.doubt()).toBeNull();
    expect(await storage.note('clock.last-believed')).toBe(clock.now().toISOString());
    expect(await second.clock.doubt()).toBeNull();
    expect(await alerts()).toEqual(texts);
  });

  test('is doubted although checks and changes have stored entries of that time since', async () => {
    const { clock, start, issue, check } = await openWithProcesses();
    clock.advance(200 * dayMs);
    await start().clock.watch();
    const { key } = await issue();
    await check({ key });
    expect(await start().clock.doubt()).toMatchObject({ direction: 'ahead' });
  });

  test('is not doubted any more when the clock is set right', async () => {
    const { clock, start, pass } = await openWithProcesses();
    await start().clock.watch();
    clock.advance(200 * dayMs);
    const services = start();
    await services.clock.watch();
    pass(10 * minuteMs);
    clock.advance(-200 * dayMs);
    expect(await services.clock.watch()).toEqual([expect.stringContaining('jumped back by 200 days')]);
    expect(await services.clock.doubt()).toBeNull();
  });
});

describe('a clock that is set while the server runs', () => {
  test('is an alert, ahead and back', async () => {
    const { clock, start, pass, alerts } = await openWithProcesses();
    const services = start();
    await services.clock.watch();
    pass(minuteMs);
    clock.advance(2 * hourMs);
    expect(await services.clock.watch()).toEqual([expect.stringContaining('jumped ahead by 2 hours')]);
    pass(minuteMs);
    clock.advance(-2 * hourMs);
    expect(await services.clock.watch()).toEqual([expect.stringContaining('jumped back by 2 hours')]);
    expect(await alerts()).toHaveLength(2);
    pass(minuteMs);
    clock.advance(4 * minuteMs);
    expect(await services.clock.watch()).toEqual([]);
  });

  test('by 200 days is doubted for an hour, however long the server has run', async () => {
    const { clock, start, pass } = await openWithProcesses();
    const services = start();
    for (let minute = 0; minute < 120; minute += 1) {
      pass(minuteMs);
      await services.clock.watch();
    }
    expect(await services.clock.doubt()).toBeNull();
    clock.advance(200 * dayMs);
    expect(await services.clock.doubt()).toMatchObject({ direction: 'ahead' });
    pass(hourMs);
    expect(await services.clock.doubt()).toBeNull();
  });

  test('to before the newest entry is doubted until an entry of the right time is stored, at most for an hour', async () => {
    const { clock, start, pass, issue } = await openWithProcesses();
    const services = start();
    await services.clock.watch();
    const issueAhead = async (ms: number) => {
      clock.advance(ms);
      await services.clock.watch();
      await issue();
      clock.advance(-ms);
    };
    await issueAhead(2 * hourMs);
    expect(await services.clock.doubt()).toMatchObject({ direction: 'behind' });
    await issue();
    expect(await services.clock.doubt()).toBeNull();

    await issueAhead(3 * hourMs);
    expect(await services.clock.doubt()).toMatchObject({ direction: 'behind' });
    pass(hourMs - 1);
    expect(await services.clock.doubt()).toMatchObject({ direction: 'behind' });
    pass(1);
    expect(await services.clock.doubt()).toBeNull();
  });

  test('on one of several machines is doubted for as long as the others show another time', async () => {
    const { clock, start, pass } = await openWithProcesses();
    const [right, wrong] = [start(), start()];
    await right.clock.watch();
    for (let minute = 0; minute < 120; minute += 1) {
      pass(minuteMs);
      await right.clock.watch();
      clock.advance(200 * dayMs);
      expect(await wrong.clock.doubt()).not.toBeNull();
      clock.advance(-200 * dayMs);
    }
  });
});

test('members keep the roles of licenses that end only by a clock that cannot be believed', async () => {
  const { clock, storage, services, start, pass, issue } = await openWithProcesses();
  await issue({ ownerId: alice, expires: '60d' });
  await services.settings.patch({
    guildId: 'g1',
    actor: { type: 'cli' },
    patch: { 'roles.customer': '800000000000000001' },
  });
  await start().clock.watch();
  clock.advance(200 * dayMs);
  const { members } = start();
  expect(await members.earnedRoles('g1', alice)).toEqual(['800000000000000001']);
  pass(hourMs);
  expect(await members.earnedRoles('g1', alice)).toEqual([]);
  expect(await storage.licensesOf(alice)).toHaveLength(1);
});
