import { expect, test } from '@jest/globals';
import { createLeadership } from '../../src/discord/gateway/leadership.ts';
import { createEffectsRunner } from '../../src/discord/effects/effects-runner.ts';
import type { Timers } from '../../src/discord/gateway/timers.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { addLicense, addProduct, newGuild, noTrail } from '../support/storage-fixtures.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

/** A runner, and the callbacks of its timers. */
function createRunner(
  storage: Storage,
  clock: TestClock,
  own: { readonly isLeading: () => boolean; readonly openDm?: (userId: string) => Promise<string> },
) {
  const due: (() => void)[] = [];
  const timers: Timers = { after: (_ms, callback) => (due.push(callback), () => undefined) };
  const runner = createEffectsRunner({
    storage,
    services: {
      members: { earnedRoles: () => Promise.resolve([]), roleUses: () => Promise.resolve([]) },
      clock: { believedNow: () => Promise.resolve(clock.now()) },
    },
    api: {
      openDm: own.openDm ?? (() => Promise.resolve('1')),
      send: () => Promise.resolve(),
      memberRoles: () => Promise.resolve([]),
      giveRole: () => Promise.resolve(),
      takeRole: () => Promise.resolve(),
    },
    sign: () => 'signature-of-16-',
    clock: clock.now,
    timers,
    log: createRecordingLog(),
    isLeading: own.isLeading,
  });
  return [due, runner] as const;
}

test('of two processes one leads, and the other within 16 seconds after the first was killed', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  const [first, second] = ['a', 'b'].map((holder) => createLeadership({ storage, holder, clock: clock.now }));
  await first!.renew();
  let waitMs = await second!.renew();
  expect([first!.fence() !== null, second!.fence() !== null]).toEqual([true, false]);
  const killedAt = clock.now().getTime();
  const number = first!.fence();
  while (second!.fence() === null) {
    clock.advance(waitMs);
    waitMs = await second!.renew();
    expect(first!.fence() !== null && second!.fence() !== null).toBe(false);
  }
  expect(clock.now().getTime() - killedAt).toBeLessThanOrEqual(16_000);
  expect(second!.fence()).toBeGreaterThan(number!);
  await storage.close();
});

test('a process does not go on leading by an end that lies further away than a lease is long', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  const leadership = createLeadership({ storage, holder: 'a', clock: clock.now });
  await leadership.renew();
  clock.advance(-60 * 86_400_000);
  expect(leadership.fence()).toBeNull();
  await leadership.renew();
  expect(leadership.fence()).not.toBeNull();
  await storage.close();
});

test('who waits for effects does not wait until the clock gets there again after it was set back', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  await storage.addGuild(newGuild('g1'), noTrail);
  const [due, runner] = createRunner(storage, clock, { isLeading: () => false });
  const ids = await storage.addEffects('g1', [{ kind: 'roles', userId: '77' }]);
  const waiting = { isOver: false };
  const settled = runner.settled(ids, 2_000).finally(() => (waiting.isOver = true));
  while (due.length === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(-60 * 86_400_000);
  let next = 0;
  while (!waiting.isOver) {
    if (next < due.length) due[next++]!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await settled).toMatchObject([{ status: 'pending' }]);
  await storage.close();
});

test('a new leader keeps to the pause that Discord demanded of the one before', async () => {
  const clock = createTestClock();
  const storage = openMemoryStorage(clock.now);
  await storage.addGuild(newGuild('g1'), noTrail);
  const product = await addProduct(storage, 'g1');
  const license = await addLicense(storage, 'g1', product.id, { ownerId: '77' });
  let [isLeading, opened] = [false, 0];
  const openDm = (userId: string) => Promise.resolve(userId + String((opened += 1)));
  const [, runner] = createRunner(storage, clock, { isLeading: () => isLeading, openDm });
  runner.start();
  const pausedUntil = clock.now().getTime() + 3_600_000;
  await storage.setNote('dm-pace', JSON.stringify({ contacts: [], pausedUntil }), null);
  await storage.addEffects('g1', [
    { kind: 'dm', userId: '77', message: { type: 'extended', licenseId: license.id, reason: null } },
  ]);
  isLeading = true;
  runner.wake();
  await runner.stop();
  expect(opened).toBe(0);
  await storage.close();
});
