import type { Attempt } from '../domain/attempt.ts';
import type { NewAlert } from '../storage/port/records.ts';

export interface AlertService {
  /** False where the same kind and subject was raised within its quiet hours. */
  raise(guildId: string, alert: NewAlert): Promise<boolean>;
  /**
   * For what no guild can be named for (a guard block, an undeclared proxy): told to all guilds while there are at
   * most 3, since they are one operator's then; else to none. How many were told.
   */
  raiseEverywhere(alert: NewAlert): Promise<number>;
  /** Looks for patterns in attempts as the log shipper comes by them, and raises what it finds. */
  watch(attempts: readonly Attempt[]): Promise<void>;
}
