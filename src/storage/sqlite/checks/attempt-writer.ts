import type { NewAttempt } from '../../../domain/decision.ts';
import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import { newAttemptColumns } from '../attempts/attempt-columns.ts';
import { createStatisticsWriter } from '../attempts/roll-up.ts';
import { insertSql } from '../columns.ts';
import type { Prepare } from '../database/database.ts';

/** Stores the attempts of a group inside the caller's transaction, or counts them. */
export interface AttemptWriter {
  store(guildId: string, at: Date, attempt: NewAttempt): void;
  /** Called at the end of the transaction: stores what was counted. */
  finishGroup(): void;
  /** Called after a rollback: forgets what was counted. */
  abandonGroup(): void;
}

interface Counted {
  readonly guildId: string;
  readonly at: number;
  readonly protocol: string;
  readonly productId: number;
  readonly result: string;
  count: number;
}

/**
 * Made once per process, because it keeps in memory how many attempts without a license were stored in this minute.
 * After a rollback these numbers are too high, so that some attempts are counted that could have been stored.
 *
 * Attempts that are stored reach the statistics when they are rolled up, those that are only counted at once.
 */
export function createAttemptWriter(statement: Prepare): AttemptWriter {
  const insert = statement(insertSql('attempts', newAttemptColumns.names));
  const addCount = statement(`
    INSERT INTO attempt_counts (guild_id, minute, protocol, result, count) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  const addStatistic = createStatisticsWriter(statement);
  const isAboveLimit = createUnknownKeyLimit();
  const counted = new Map<string, Counted>();

  function count(guildId: string, at: Date, { protocol, result }: NewAttempt): void {
    const of = { guildId, at: minuteOf(at), protocol, productId: 0, result };
    const name = JSON.stringify(Object.values(of));
    const before = counted.get(name);
    if (before) before.count += 1;
    else counted.set(name, { ...of, count: 1 });
  }

  return {
    store: (guildId, at, attempt) => {
      if (attempt.licenseId === null && isAboveLimit(guildId, at)) count(guildId, at, attempt);
      else insert.run(...newAttemptColumns.valuesOf({ ...attempt, guildId, at }));
    },
    finishGroup: () => {
      if (counted.size === 0) return;
      for (const entry of counted.values()) {
        addCount.run(entry.guildId, entry.at, entry.protocol, entry.result, entry.count);
        addStatistic(entry);
      }
      counted.clear();
    },
    abandonGroup: () => {
      counted.clear();
    },
  };
}
