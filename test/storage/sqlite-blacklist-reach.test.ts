import { expect, test } from '@jest/globals';
import { grant } from '../support/grants.ts';
import { openMemoryStorage } from '../support/memory-storage.ts';
import { reachQuery } from '../support/reach.ts';
import { addPopulatedGuild } from '../support/storage-fixtures.ts';
import { createTestClock } from '../support/test-clock.ts';

test('checks are answered while thousands of attempts are searched for what a blacklist entry would hit', async () => {
  const storage = openMemoryStorage(createTestClock().now);
  await addPopulatedGuild(storage, 'g1');
  await Promise.all(Array.from({ length: 2_000 }, () => grant(storage, {})));
  const search = { isOver: false };
  const searched = storage.blacklistReach('g1', reachQuery({ matches: () => true })).finally(() => {
    search.isOver = true;
  });
  let answered = 0;
  while (!search.isOver) {
    await grant(storage, {});
    answered += 1;
  }
  // There are eight windows of 250 attempts, after each of which a check can be answered.
  expect(answered).toBeGreaterThanOrEqual(8);
  expect((await searched).licenses).toBe(1);
  await storage.close();
});
