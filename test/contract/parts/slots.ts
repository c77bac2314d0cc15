import { describe, expect, test } from '@jest/globals';
import type { CheckOutcome } from '../../../src/domain/decision.ts';
import { inheritedLimits } from '../../../src/domain/limits.ts';
import { hourMs } from '../../../src/domain/values/calendar.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { grant, observedRule, slotRule } from '../../support/check-rules.ts';
import { runStorageProcess } from '../../support/storage-process-runner.ts';
import { addLicense, addPopulatedGuild, aRequest, noTrail } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const grantedOf = (outcomes: readonly CheckOutcome[]) => outcomes.filter(({ result }) => result === 'granted').length;

/** Asks with this HWID under a limit. */
const use = (storage: Storage, value: string, limit: number, forgetAfterMs: number | null = null) =>
  storage.decide(aRequest(), slotRule(value, limit, forgetAfterMs));

const unlimitedRequest = aRequest({ key: 'UNLIMITED' });
const observe = (storage: Storage, value: string) => storage.decide(unlimitedRequest, observedRule(value));

async function addUnlimited(storage: Storage) {
  const { product } = await addPopulatedGuild(storage);
  return addLicense(storage, 'g1', product.id, { key: 'UNLIMITED', limits: { ...inheritedLimits, hwid: null } });
}

async function hwids(storage: Storage, licenseId: number): Promise<readonly string[]> {
  const { bindings } = await storage.bindings('g1', licenseId, 1_000);
  return bindings
    .filter(({ kind, releasedAt }) => kind === 'hwid' && !releasedAt)
    .map(({ value }) => value)
    .sort();
}

function releaseHwids(storage: Storage, licenseId: number, value: string | null = null) {
  return storage.changeLicense('g1', { id: licenseId }, (current) => ({
    next: current,
    trail: noTrail,
    result: {},
    release: [{ kind: 'hwid', value }],
  }));
}

export function describeSlots(openStage: OpenStage): void {
  describe('slots', () => {
    test('1,000 first uses at once at a limit of 3 bind exactly 3', async () => {
      const { storage } = await openStage();
      const { license } = await addPopulatedGuild(storage);

      const outcomes = await Promise.all(Array.from({ length: 1_000 }, (_, i) => use(storage, `PC-${i}`, 3)));

      expect(grantedOf(outcomes)).toBe(3);
      expect(await hwids(storage, license.id)).toHaveLength(3);
    });

    test('1,000 first uses over two processes at a limit of 3 bind exactly 3', async () => {
      const { storage, installation } = await openStage();
      const { license } = await addPopulatedGuild(storage);

      const tallies = await Promise.all(
        ['a', 'b'].map((name) => runStorageProcess(installation.connection, 'use-slots', `${name} 500 3`)),
      );

      const granted = tallies.map((tally) => (JSON.parse(tally) as { readonly granted: number }).granted);
      expect(granted.reduce((sum, count) => sum + count)).toBe(3);
      expect(await hwids(storage, license.id)).toHaveLength(3);
      expect(await storage.countLicensesBy('g1', {})).toBe(1);
    });

    test('a known value passes a full license, and its last use is remembered', async () => {
      const { storage, clock } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      const firstSeenAt = clock.now();
      await use(storage, 'PC', 1);
      clock.advance(60_000);

      const outcomes = [await use(storage, 'PC', 1), await use(storage, 'OTHER', 1)];

      expect(outcomes).toMatchObject([{ result: 'granted' }, { denial: 'hwid-limit' }]);
      const { bindings } = await storage.bindings('g1', license.id, 10);
      expect(bindings).toEqual([{ kind: 'hwid', value: 'PC', firstSeenAt, lastSeenAt: clock.now(), releasedAt: null }]);
    });

    test('a released value needs a slot again, and its own goes to the next value', async () => {
      const { storage } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      await use(storage, 'OLD', 1);
      await releaseHwids(storage, license.id);

      expect(await use(storage, 'NEW', 1)).toMatchObject({ result: 'granted' });
      expect(await use(storage, 'OLD', 1)).toMatchObject({ denial: 'hwid-limit' });
      expect(await hwids(storage, license.id)).toEqual(['NEW']);
    });

    test('the undo of a reset does not restore a value whose slot was taken meanwhile', async () => {
      const { storage, clock } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      await use(storage, 'LOST', 1);
      await releaseHwids(storage, license.id);
      await use(storage, 'NEW', 1);

      await storage.changeLicense('g1', { id: license.id }, (current) => ({
        next: current,
        trail: noTrail,
        result: {},
        undoRelease: clock.now(),
      }));

      expect(await hwids(storage, license.id)).toEqual(['NEW']);
      expect(await use(storage, 'LOST', 1)).toMatchObject({ denial: 'hwid-limit' });
    });

    test('the slot of a value that timed out is free from that instant, and not before', async () => {
      const { storage, clock } = await openStage();
      await addPopulatedGuild(storage);
      await use(storage, 'OLD', 1, 60_000);

      clock.advance(59_999);
      expect(await use(storage, 'NEW', 1, 60_000)).toMatchObject({ denial: 'hwid-limit' });
      clock.advance(1);
      expect(await use(storage, 'NEW', 1, 60_000)).toMatchObject({ result: 'granted' });
      // Gone for good: it does not count again where nothing times out any more.
      expect(await use(storage, 'OLD', 1)).toMatchObject({ denial: 'hwid-limit' });
    });

    test('slots are live up to their number, without released and timed-out ones and those of other kinds', async () => {
      const { storage, clock } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      const take = (kind: 'ip' | 'hwid', value: string) =>
        storage.decide(aRequest(), (snapshot) => grant(snapshot, { take: [{ kind, value, forgetBefore: null }] }));
      await take('ip', '203.0.113.9');
      await take('hwid', 'OLD');
      clock.advance(60_000);
      for (const value of ['RELEASED', 'A', 'B', 'C']) await take('hwid', value);
      await releaseHwids(storage, license.id, 'RELEASED');

      const oldest = clock.now().getTime() - 60_000;
      const found: boolean[] = [];
      await storage.decide(aRequest(), (snapshot) => {
        const { slots } = snapshot;
        found.push(slots.hasLive('hwid', 4, null), slots.hasLive('hwid', 5, null));
        found.push(slots.hasLive('hwid', 3, new Date(oldest)), slots.hasLive('hwid', 4, new Date(oldest)));
        found.push(slots.hasLive('ip', 1, null), slots.hasLive('ip', 2, null), slots.hasLive('mac', 1, null));
        found.push(slots.hasLive('hwid', 0, null), slots.hasLive('mac', 0, null));
        return grant(snapshot);
      });

      expect(found).toEqual([true, false, true, false, true, false, false, true, true]);
    });

    test('taking a slot frees those of its own kind only', async () => {
      const { storage } = await openStage();
      const { license } = await addPopulatedGuild(storage);
      await storage.decide(aRequest(), (snapshot) =>
        grant(snapshot, { take: [{ kind: 'ip', value: '203.0.113.9', forgetBefore: null }] }),
      );
      await use(storage, 'PC', 1);
      await releaseHwids(storage, license.id);
      await use(storage, 'PC-2', 1);

      const { counts } = await storage.bindings('g1', license.id, 10);
      expect(counts).toEqual({ ip: 1, hwid: 1, mac: 0 });
    });

    test.each(['$b', '$$ROOT', '$set', 'a.b', '__proto__', '{"$ne":null}', "'; --", 'ä\0b', ' '])(
      'a HWID is text and nothing else: %j',
      async (value) => {
        const { storage } = await openStage();
        const { license } = await addPopulatedGuild(storage);

        expect(await use(storage, value, 1)).toMatchObject({ result: 'granted' });
        expect(await use(storage, value, 1)).toMatchObject({ result: 'granted' });
        expect(await use(storage, `${value}x`, 1)).toMatchObject({ denial: 'hwid-limit' });
        expect(await hwids(storage, license.id)).toEqual([value]);
        const [attempt] = await storage.attempts('g1', { hwid: value }, { limit: 1, beforeId: null });
        expect(attempt).toMatchObject({ hwid: value, result: 'granted' });
      },
    );

    test('20,000 HWIDs on an unlimited license take no slot and are never read by a check', async () => {
      const { storage } = await openStage();
      const license = await addUnlimited(storage);
      for (let start = 0; start < 20_000; start += 1_000) {
        await Promise.all(Array.from({ length: 1_000 }, (_, i) => observe(storage, `PC-${start + i}`)));
      }
      const slotsFound: unknown[] = [];

      await storage.decide(unlimitedRequest, (snapshot) => {
        slotsFound.push(snapshot.slots.find('hwid', 'PC-1'), snapshot.slots.hasLive('hwid', 1, null));
        return grant(snapshot);
      });

      expect(slotsFound).toEqual([null, false]);
      const { bindings, counts } = await storage.bindings('g1', license.id, 5);
      expect(bindings).toHaveLength(5);
      expect(counts.hwid).toBe(20_000);
    });

    test('a value observed again is one binding, whose last use is written once an hour', async () => {
      const { storage, clock } = await openStage();
      const license = await addUnlimited(storage);
      const firstSeenAt = clock.now();
      const observeAgain = async () => {
        await Promise.all([observe(storage, 'PC'), observe(storage, 'PC')]);
        return (await storage.bindings('g1', license.id, 5)).bindings;
      };
      const seenAt = (lastSeenAt: Date) => [{ kind: 'hwid', value: 'PC', firstSeenAt, lastSeenAt, releasedAt: null }];

      expect(await observeAgain()).toEqual(seenAt(firstSeenAt));
      clock.advance(hourMs - 1);
      expect(await observeAgain()).toEqual(seenAt(firstSeenAt));
      clock.advance(1);
      expect(await observeAgain()).toEqual(seenAt(clock.now()));
    });
  });
}
