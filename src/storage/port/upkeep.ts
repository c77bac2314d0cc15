import type { License } from '../../domain/license.ts';
import type { Trail } from './trail.ts';

export interface Upkeep {
  /** Licenses whose end passed by `now` and that were not told so yet: marks them and stores what `trail` makes. At most `limit`. */
  expireLicenses(now: Date, limit: number, trail: (license: License) => Trail): Promise<number>;
  /** Removes the oldest attempts, counts and seen values before the instant; at most `limit` rows; how many went. */
  deleteAttemptsBefore(guildId: string, before: Date, limit: number): Promise<number>;
  /** Removes for good what was deleted before the instant, with bindings; at most `limit` rows; how many went. */
  purgeDeleted(before: Date, limit: number): Promise<number>;
  /** Forgets ended effects older than the instant; at most `limit`. */
  deleteEffectsBefore(before: Date, limit: number): Promise<number>;
  /** A consistent copy in a file that must not exist. Embedded store only. */
  backup(file: string): Promise<void>;
  /** Rejects when the store cannot be written within 1,500 ms. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
