import { describe, expect, test } from '@jest/globals';
import { dayMs, hourMs } from '../../../src/domain/values/calendar.ts';
import type { AttemptQuery, StatisticPeriod } from '../../../src/storage/port/attempts.ts';
import type { Storage } from '../../../src/storage/port/storage.ts';
import { deny, grant } from '../../support/grants.ts';
import { addPopulatedGuild } from '../../support/storage-fixtures.ts';
import type { OpenStage } from '../storage-contract.ts';

const everything = { limit: 10_000, beforeId: null };
const ofG2 = { guildReference: { by: 'team', teamId: 'team-g2' } } as const;
const always = new Date(0);

export function describeAttemptStatistics(openStage: OpenStage): void {
  async function openAtMidnight() {
    const stage = await openStage();
    const { license, product } = await addPopulatedGuild(stage.storage, 'g1');
    await addPopulatedGuild(stage.storage, 'g2');
    stage.clock.advance(dayMs - (stage.clock.now().getTime() % dayMs));
    return { ...stage, license, product };
  }

  /** The counts of g1 as `hours since midnight: protocol product result count`. */
  async function countsOf(storage: Storage, period: StatisticPeriod, midnight: Date, guildId = 'g1') {
    const statistics = await storage.attemptStatistics(guildId, period, always);
    return statistics.map(({ start, protocol, productId, result, count }) => {
      const hours = (start.getTime() - midnight.getTime()) / hourMs;
      return `${hours}: ${protocol} ${String(productId)} ${result} ${count}`;
    });
  }

  describe('statistics of attempts', () => {
    test('count every attempt by hour and by day, protocol, product and result', async () => {
      const { storage, clock, product } = await openAtMidnight();
      const midnight = clock.now();
      await grant(storage, {});
      await grant(storage, { quiet: true });
      await deny(storage, { protocol: 'lukittu' });
      clock.advance(hourMs - 1);
      await grant(storage, {});
      clock.advance(1);
      await grant(storage, {});
      await grant(storage, ofG2);
      clock.advance(dayMs);
      await deny(storage, {}, { productId: product.id });

      const vault = String(product.id);
      expect(await countsOf(storage, 'hour', midnight)).toEqual([
        '0: lukittu null expired 1',
        `0: tki ${vault} granted 3`,
        `1: tki ${vault} granted 1`,
        `25: tki ${vault} expired 1`,
      ]);
      expect(await countsOf(storage, 'day', midnight)).toEqual([
        '0: lukittu null expired 1',
        `0: tki ${vault} granted 4`,
        `24: tki ${vault} expired 1`,
      ]);
      expect(await countsOf(storage, 'hour', midnight, 'g2')).toHaveLength(1);
      const since = new Date(midnight.getTime() + hourMs);
      expect(await storage.attemptStatistics('g1', 'hour', since)).toHaveLength(2);
    });

    test('include attempts that were only counted', async () => {
      const { storage, clock } = await openAtMidnight();
      const midnight = clock.now();
      const flood = () =>
        Promise.all(Array.from({ length: 63 }, () => deny(storage, { key: 'no' }, { result: 'license-unknown' })));
      await flood();
      clock.advance(60_000);
      await flood();
      expect(await storage.attemptCounts('g1', always)).toMatchObject([{ count: 3 }, { count: 3 }]);
      expect(await countsOf(storage, 'hour', midnight)).toEqual(['0: tki null license-unknown 126']);
      expect(await countsOf(storage, 'day', midnight)).toEqual(['0: tki null license-unknown 126']);
    });

    test('count what comes after they were read once, and nothing twice', async () => {
      const { storage, clock, product } = await openAtMidnight();
      const midnight = clock.now();
      for (let expected = 1; expected <= 3; expected += 1) {
        await grant(storage, {});
        const counts = [`0: tki ${product.id} granted ${expected}`];
        expect(await countsOf(storage, 'hour', midnight)).toEqual(counts);
        await storage.rollUpAttempts('g1');
        expect(await countsOf(storage, 'day', midnight)).toEqual(counts);
      }
    });

    test('outlive the attempts, and go by period when their time is over', async () => {
      const { storage, clock } = await openAtMidnight();
      const midnight = clock.now();
      await grant(storage, {});
      clock.advance(hourMs);
      await grant(storage, {});
      clock.advance(2 * dayMs);
      await grant(storage, {});
      await grant(storage, ofG2);
      for (const guildId of ['g1', 'g2']) await storage.rollUpAttempts(guildId);
      expect(await storage.deleteAttemptsBefore('g1', clock.now(), 10)).toBe(2);
      const before = await countsOf(storage, 'hour', midnight);
      expect(before).toHaveLength(3);

      const end = new Date(midnight.getTime() + 2 * hourMs);
      expect(await storage.deleteStatisticsBefore('g1', 'hour', new Date(end.getTime() - 1), 10)).toBe(1);
      expect(await storage.deleteStatisticsBefore('g1', 'hour', end, 10)).toBe(1);
      expect(await countsOf(storage, 'hour', midnight)).toEqual(before.slice(2));
      expect(await countsOf(storage, 'day', midnight)).toHaveLength(2);
      expect(await storage.deleteStatisticsBefore('g1', 'day', new Date(midnight.getTime() + dayMs), 10)).toBe(1);
      expect(await countsOf(storage, 'day', midnight)).toHaveLength(1);
      expect(await countsOf(storage, 'day', midnight, 'g2')).toHaveLength(1);
    });

    test('are removed with their guild', async () => {
      const { storage, clock } = await openAtMidnight();
      await grant(storage, {});
      await grant(storage, ofG2);
      for (const guildId of ['g1', 'g2']) await storage.rollUpAttempts(guildId);
      await storage.deleteGuild('g1');
      expect(await countsOf(storage, 'day', clock.now())).toEqual([]);
      expect(await countsOf(storage, 'day', clock.now(), 'g2')).toHaveLength(1);
    });
  });

  describe('attempts of a result, protocol or product that few days have', () => {
    /** Attempts of 12 days, of which the first, the fifth and the last have one that is different. */
    async function openWithDays(rollUp: (storage: Storage, day: number) => Promise<void>) {
      const stage = await openAtMidnight();
      const { storage, clock, product } = stage;
      for (let day = 0; day < 12; day += 1) {
        if (day > 0) clock.advance(dayMs);
        await grant(storage, { version: `${day}` });
        if (day % 4 === 0 || day === 11) {
          await deny(storage, { version: `${day}`, protocol: 'lukittu' }, { productId: product.id + 1 });
        }
        await grant(storage, { version: `${day} again` });
        await rollUp(storage, day);
      }
      const find = async (query: AttemptQuery, page = everything) =>
        (await storage.attempts('g1', query, page)).map(({ version }) => version);
      return { ...stage, find };
    }

    test.each([
      ['no day', () => Promise.resolve()],
      ['every day', (storage: Storage) => storage.rollUpAttempts('g1')],
      [
        'all but the last days',
        (storage: Storage, day: number) => (day < 9 ? storage.rollUpAttempts('g1') : Promise.resolve()),
      ],
    ])('are all found when the statistics know of %s', async (_, rollUp) => {
      const { storage, find, clock, product } = await openWithDays(rollUp);
      const different = ['11', '8', '4', '0'];
      expect(await find({ result: 'denied' })).toEqual(different);
      expect(await find({ result: 'expired' })).toEqual(different);
      expect(await find({ protocol: 'lukittu' })).toEqual(different);
      expect(await find({ productId: product.id + 1 })).toEqual(different);
      expect(await find({ result: 'suspended' })).toEqual([]);
      expect(await find({ result: 'granted', protocol: 'lukittu' })).toEqual([]);
      expect(await find({ result: 'granted' })).toHaveLength(24);
      const since = new Date(clock.now().getTime() - 7 * dayMs);
      expect(await find({ result: 'denied', since })).toEqual(['11', '8', '4']);
      const [newest] = await storage.attempts('g1', { result: 'denied' }, { limit: 1, beforeId: null });
      const next = await storage.attempts('g1', { result: 'denied' }, { limit: 2, beforeId: newest!.id });
      expect(next.map(({ version }) => version)).toEqual(['8', '4']);
      expect(await storage.countClients('g1', product.id, always, (version) => version === '3')).toBe(1);
      expect(await storage.countClients('g1', product.id + 1, always, () => true)).toBe(0);
    });

    test('are found when the clock is set back to before days that were rolled up', async () => {
      const { storage, find, clock } = await openWithDays((store) => store.rollUpAttempts('g1'));
      // One millisecond after an attempt of that day, because attempts of one instant have no order.
      clock.advance(1 - 3 * dayMs);
      await deny(storage, { version: 'back' }, { result: 'suspended' });
      expect(await find({ result: 'suspended' })).toEqual(['back']);
      await storage.rollUpAttempts('g1');
      clock.advance(3 * dayMs);
      await storage.rollUpAttempts('g1');
      expect(await find({ result: 'suspended' })).toEqual(['back']);
      expect(await find({ result: 'denied' })).toEqual(['11', 'back', '8', '4', '0']);
    });

    test('are found when they were stored by a clock that was ahead', async () => {
      const { storage, find, clock } = await openWithDays((store) => store.rollUpAttempts('g1'));
      clock.advance(60 * dayMs);
      await deny(storage, { version: 'ahead' }, { result: 'suspended' });
      await storage.rollUpAttempts('g1');
      clock.advance(-60 * dayMs);
      await deny(storage, { version: 'right' }, { result: 'suspended' });
      expect(await find({ result: 'suspended' })).toEqual(['ahead', 'right']);
      await storage.rollUpAttempts('g1');
      expect(await find({ result: 'suspended' })).toEqual(['ahead', 'right']);
      clock.advance(5 * dayMs);
      await storage.rollUpAttempts('g1');
      expect(await find({ result: 'suspended' })).toEqual(['ahead', 'right']);
    });
  });
}
