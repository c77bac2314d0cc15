import { dayMs, hourMs } from '../../src/domain/values/calendar.ts';
import type { CopyRecords } from '../../src/storage/copy/port.ts';

type Statistic = CopyRecords['attemptStatistics'];

const periods = [
  ['hour', hourMs],
  ['day', dayMs],
] as const;

/** Counts attempts as the roll-up of a server does, while they are written. */
export function createAttemptStatistics() {
  const statistics = new Map<string, Statistic>();

  function count({ guildId, at, protocol, productId, result }: CopyRecords['attempts']): void {
    for (const [period, lengthMs] of periods) {
      const start = at.getTime() - (at.getTime() % lengthMs);
      const key = [period, start, protocol, productId, result].join(' ');
      const sum = (statistics.get(key)?.count ?? 0) + 1;
      statistics.set(key, { guildId, period, start: new Date(start), protocol, productId, result, count: sum });
    }
  }

  return {
    *counting(attempts: Iterable<CopyRecords['attempts']>): Generator<CopyRecords['attempts']> {
      for (const attempt of attempts) {
        count(attempt);
        yield attempt;
      }
    },
    records: (): Iterable<Statistic> => statistics.values(),
  };
}
