import type { Actor } from '../../domain/actor.ts';
import type { AuditAction, AuditEvent, NewAuditEvent } from '../../domain/audit.ts';
import type { Page } from './page.ts';

/** Which audit events of a guild are listed: those that match every field that is there. */
export interface AuditQuery {
  readonly subject?: string;
  /** As `concernsLicense` has it, so also those about several licenses. `subject` does not count beside it. */
  readonly licenseId?: number;
  readonly action?: AuditAction;
  readonly actor?: Actor;
  /** At or after this instant. */
  readonly since?: Date;
}

/** The audit. Most events are stored with the change that they describe: see `Trail`. */
export interface Audit {
  /** The guild's events that match the query, newest first. */
  audit(guildId: string, query: AuditQuery, page: Page): Promise<readonly AuditEvent[]>;
  /**
   * At most `limit` events of all guilds whose id is greater than `id`, by ascending id. An event is returned only once
   * no event with a lower id can still be committed, so a reader that continues after the last id misses none.
   */
  auditAfter(id: number, limit: number): Promise<readonly AuditEvent[]>;
  /** Stores an event that comes with no other change, such as that a key was shown. */
  recordAudit(guildId: string, event: NewAuditEvent): Promise<void>;
}
