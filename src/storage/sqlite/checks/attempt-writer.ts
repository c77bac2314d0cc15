import type { NewAttempt } from '../../../domain/decision.ts';
import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import { newAttemptColumns } from '../attempt-columns.ts';
import { insertSql } from '../columns.ts';
import type { Prepare } from '../database/database.ts';

/** Stores an attempt inside the caller's transaction, or counts it. */
export type AttemptWriter = (guildId: string, at: Date, attempt: NewAttempt) => void;

/**
 * Made once per process, because it keeps in memory how many attempts without a license were stored in this minute.
 * After a rollback these numbers are too high, so that some attempts are counted that could have been stored.
 */
export function createAttemptWriter(statement: Prepare): AttemptWriter {
  const insert = statement(insertSql('attempts', newAttemptColumns.names));
  const count = statement(`
    INSERT INTO attempt_counts (guild_id, minute, protocol, result, count) VALUES (?, ?, ?, ?, 1)
    ON CONFLICT DO UPDATE SET count = count + 1`);
  const isAboveLimit = createUnknownKeyLimit();

  return (guildId, at, attempt) => {
    if (attempt.licenseId === null && isAboveLimit(guildId, at)) {
      count.run(guildId, minuteOf(at), attempt.protocol, attempt.result);
      return;
    }
    insert.run(...newAttemptColumns.valuesOf({ ...attempt, guildId, at }));
  };
}
