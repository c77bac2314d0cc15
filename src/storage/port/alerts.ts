import type { Alert } from '../../domain/audit.ts';

export interface NewAlert extends Pick<Alert, 'kind' | 'subject' | 'text'> {
  /** For how many hours an alert of the same kind and subject is not raised again; 1 when left out. */
  readonly quietHours?: number;
}

export interface Alerts {
  /**
   * Stores an alert, unless the guild had one of the same kind and subject within `quietHours`: then it stores nothing
   * and returns false. Of calls that race with the same alert, one stores it. An alert that lies more than `quietHours`
   * in the future is from a clock that was ahead, and prevents none.
   */
  raiseAlert(guildId: string, alert: NewAlert): Promise<boolean>;
  /**
   * At most `limit` alerts of all guilds whose id is greater than `id`, by ascending id. An alert is returned only once
   * no alert with a lower id can still be committed, so a reader that continues after the last id misses none.
   */
  alertsAfter(id: number, limit: number): Promise<readonly Alert[]>;
}
