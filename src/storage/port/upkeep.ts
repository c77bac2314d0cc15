import type { License } from '../../domain/license.ts';
import type { StatisticPeriod } from './attempts.ts';
import type { Trail } from './trail.ts';

/**
 * The jobs' part of the port. Each method that takes a `limit` works in several short commits, so that checks never
 * wait long, and returns how many rows it processed.
 */
export interface Upkeep {
  /**
   * Stores the trail of each license whose end is at or before `now` and that was not processed yet, those with the
   * earliest end first, at most `limit`. The same commit records that the end was processed, so that it is processed
   * once. Deleted licenses and those of deleted products are skipped until they are restored.
   */
  expireLicenses(now: Date, limit: number, trail: (license: License) => Trail): Promise<number>;
  /**
   * Stores the trail of each license whose end was processed and yet lies after `now`, at most `limit`, and lets that
   * end be processed again: the clock was ahead when it was. Deleted licenses and those of deleted products are skipped.
   */
  withdrawExpiries(now: Date, limit: number, trail: (license: License) => Trail): Promise<number>;
  /**
   * Brings the guild's statistics up to date with its attempts. Attempts that are deleted before are not in them.
   */
  rollUpAttempts(guildId: string): Promise<void>;
  /**
   * Removes at most `limit` of the guild's attempts, counts of attempts and observed values from before the instant.
   */
  deleteAttemptsBefore(guildId: string, before: Date, limit: number): Promise<number>;
  /**
   * Removes at most `limit` of the guild's statistics of periods that ended at or before the instant. Those of days must
   * be retained as long as the attempts: a search skips days in which the statistics know of no attempt that matches.
   */
  deleteStatisticsBefore(guildId: string, period: StatisticPeriod, before: Date, limit: number): Promise<number>;
  /** Removes at most `limit` of the guild's alerts from before the instant. */
  deleteAlertsBefore(guildId: string, before: Date, limit: number): Promise<number>;
  /**
   * Removes for good the licenses and products that were deleted before the instant, licenses with their bindings, at
   * most `limit` rows; each binding counts as a row. An audit event is stored for each license that was removed.
   */
  purgeDeleted(before: Date, limit: number): Promise<number>;
  /** Removes at most `limit` effects that were made before the instant and have ended; `waiting` is no end. */
  deleteEffectsBefore(before: Date, limit: number): Promise<number>;
  /**
   * Writes a consistent copy of the store, as of one instant, into a file. Rejects if the file exists, if it cannot be
   * written, and where the store is not a file: on MongoDB and in memory.
   */
  backup(file: string): Promise<void>;
  /** Rejects with `StoreUnavailableError` if the store cannot be written to within 1,500 ms. */
  ping(): Promise<void>;
  /** Waits for the checks that were accepted and closes the store. Calling it again does nothing. */
  close(): Promise<void>;
}
