import { expect, test } from '@jest/globals';
import { createAttemptStatistics } from '../../../bench/store/attempt-statistics.ts';
import { anAttempt } from '../../support/license-card.ts';

test('the attempts of a filled store are counted by hour and day, as a server counts them', () => {
  const instants = ['2026-03-01T10:00:00.000Z', '2026-03-01T10:59:59.999Z', '2026-03-01T23:00:00.000Z'];
  const granted = instants.map((at) => anAttempt({ at: new Date(at) }));
  const denied = anAttempt({ at: new Date('2026-03-02T00:00:00.000Z'), result: 'hwid-limit' });
  const statistics = createAttemptStatistics();

  expect([...statistics.counting([...granted, denied])]).toHaveLength(4);

  const counted = [...statistics.records()].map(({ period, start, result, count }) => {
    return `${period} ${start.toISOString().slice(0, 13)} ${result} ${count}`;
  });
  expect(counted.sort()).toEqual([
    'day 2026-03-01T00 granted 3',
    'day 2026-03-02T00 hwid-limit 1',
    'hour 2026-03-01T10 granted 2',
    'hour 2026-03-01T23 granted 1',
    'hour 2026-03-02T00 hwid-limit 1',
  ]);
});
