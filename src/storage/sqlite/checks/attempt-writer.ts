import type { NewAttempt } from '../../../domain/decision.ts';
import { createUnknownKeyLimit, minuteOf } from '../../unknown-key-limit.ts';
import { newAttemptColumns } from '../attempt-columns.ts';
import { insertSql } from '../columns.ts';
import type { Prepare } from '../database.ts';

/** Stores an attempt inside the caller's transaction. */
export type AttemptWriter = (guildId: string, at: Date, attempt: NewAttempt) => void;

/** One per process: what it has stored singly in this minute is remembered in memory. */
export function createAttemptWriter(statement: Prepare): AttemptWriter {
  const insert = statement(insertSql('attempts', newAttemptColumns.names));
  const count = statement(`
    INSERT INTO attempt_counts (guild_id, minute, protocol, result, count) VALUES (?, ?, ?, ?, 1)
    ON CONFLICT DO UPDATE SET count = count + 1`);
  const isOneTooMany = createUnknownKeyLimit();

  return (guildId, at, attempt) => {
    if (attempt.licenseId === null && isOneTooMany(guildId, at)) {
      count.run(guildId, minuteOf(at), attempt.protocol, attempt.result);
      return;
    }
    insert.run(...newAttemptColumns.valuesOf({ ...attempt, guildId, at }));
  };
}
