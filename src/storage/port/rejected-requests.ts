import type { RejectedRequestCount } from '../../domain/attempt.ts';

/** Counts, over all guilds, of requests that were rejected before they became attempts. */
export interface RejectedRequests {
  /**
   * Adds the counts to those stored for the same minute, address, protocol and kind, and deletes the minutes before
   * `keepSince`.
   */
  recordRejectedRequests(counts: readonly RejectedRequestCount[], keepSince: Date): Promise<void>;
  /** At most `limit` counts of the minutes that began at or after `since`, oldest first. */
  rejectedRequests(since: Date, limit: number): Promise<readonly RejectedRequestCount[]>;
}
