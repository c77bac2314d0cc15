import type { Attempt, Protocol, RejectedRequestCount } from '../../domain/attempt.ts';
import type { Alert, AuditAction, AuditEvent, NewAuditEvent } from '../../domain/audit.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { AttemptResult } from '../../domain/denial.ts';
import type { Page } from './page.ts';

// The part of the port about attempts, audit, alerts and users.

export interface AttemptQuery {
  readonly licenseId?: number;
  /** `denied`: everything but granted. */
  readonly result?: AttemptResult | 'denied';
  readonly protocol?: Protocol;
  readonly ip?: string;
  readonly hwid?: string;
  readonly productId?: number;
  readonly since?: Date;
  /** Default false: quiet ones are left out. */
  readonly quiet?: boolean;
}

/** Attempts that were stored as counts: so many of one result in one minute. */
export interface AttemptCount {
  readonly guildId: string;
  readonly minute: Date;
  readonly protocol: Protocol;
  readonly result: AttemptResult;
  readonly count: number;
}

export interface NewAlert extends Pick<Alert, 'kind' | 'subject' | 'text'> {
  /** For so long the same is not raised again; left out: 1. */
  readonly quietHours?: number;
}

export interface Records {
  /** Newest first. */
  attempts(guildId: string, query: AttemptQuery, page: Page): Promise<readonly Attempt[]>;
  /** Over all guilds, oldest first, only what can no longer be overtaken; for the log shipper. */
  attemptsAfter(id: number, limit: number): Promise<readonly Attempt[]>;
  /** Counted attempts since the minute, oldest first. */
  attemptCounts(guildId: string, since: Date): Promise<readonly AttemptCount[]>;
  /** Adds to what is stored, and forgets the minutes before `keepSince`. */
  recordRejectedRequests(counts: readonly RejectedRequestCount[], keepSince: Date): Promise<void>;
  /** Over all guilds, since the minute, oldest first. */
  rejectedRequests(since: Date, limit: number): Promise<readonly RejectedRequestCount[]>;
  /** Distinct licenses granted since then whose requested version the predicate refuses, for `/product version`. */
  countClients(
    guildId: string,
    productId: number,
    since: Date,
    refused: (version: string | null) => boolean,
  ): Promise<number>;
  /** Newest first. */
  audit(
    guildId: string,
    query: { readonly subject?: string; readonly action?: AuditAction },
    page: Page,
  ): Promise<readonly AuditEvent[]>;
  auditAfter(id: number, limit: number): Promise<readonly AuditEvent[]>;
  /** For changes that are in nothing but the audit, such as a reveal. */
  recordAudit(guildId: string, event: NewAuditEvent): Promise<void>;
  /** False where the same kind and subject was raised within its quiet hours. */
  raiseAlert(guildId: string, alert: NewAlert): Promise<boolean>;
  alertsAfter(id: number, limit: number): Promise<readonly Alert[]>;
  rememberUser(user: KnownUser): Promise<void>;
  knownUser(id: string): Promise<KnownUser | null>;
}
