import type { Actor } from './actor.ts';

/** What was changed, as `<thing>.<what happened>`. */
export type AuditAction =
  | 'guild.created'
  | 'guild.changed'
  | 'guild.deleted'
  | 'settings.changed'
  | 'product.created'
  | 'product.changed'
  | 'product.deleted'
  | 'product.restored'
  | 'release.added'
  | 'release.archived'
  | 'license.issued'
  | 'license.changed'
  | 'license.extended'
  | 'license.suspended'
  | 'license.resumed'
  | 'license.switched-off'
  | 'license.switched-on'
  | 'license.reassigned'
  | 'license.rekeyed'
  | 'license.resent'
  | 'license.revealed'
  | 'license.reset'
  | 'license.reset-undone'
  | 'license.redeemed'
  | 'license.deleted'
  | 'license.restored'
  | 'license.expired'
  | 'license.purged'
  | 'blacklist.added'
  | 'blacklist.removed'
  | 'blacklist.ended'
  | 'api-key.created'
  | 'api-key.revoked'
  | 'customer.changed'
  | 'effect.dropped'
  | 'effect.failed'
  | 'roles.stopped';

/** Who changed what. Kept for ever; never holds a key or a secret. */
export interface AuditEvent {
  readonly id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** `license:12`, `licenses` (their ids in the details), `product:3`, `blacklist:7`, `api-key:1`, `settings`, `guild`, `effect:9`, `user:<id>`. */
  readonly subject: string;
  readonly reason: string | null;
  /** Small and readable: before → after, counts, names. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** An event as a use case makes it; the store adds id, guild and time. */
export type NewAuditEvent = Omit<AuditEvent, 'id' | 'guildId' | 'at'>;

/** Something staff should look at; at most one an hour per kind and subject. */
export interface Alert {
  readonly id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}
