/** What the jobs do, in small steps until nothing is left; each answers how many. */
export interface UpkeepService {
  /** Expired licenses: role effect, owner told, audit event. */
  expire(): Promise<number>;
  /** Attempts older than each guild's `retention.attemptDays`, and ended effects older than 30 days. */
  retain(): Promise<number>;
  endBlacklistEntries(): Promise<number>;
  /** What was deleted 30 days ago. */
  purge(): Promise<number>;
}
