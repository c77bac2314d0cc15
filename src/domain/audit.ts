import type { Actor } from './actor.ts';

/** What happened, as `<subject>.<event>`. */
export const auditActions = [
  'guild.created',
  'guild.changed',
  'guild.deleted',
  'settings.changed',
  'product.created',
  'product.changed',
  'product.deleted',
  'product.restored',
  'release.added',
  'release.archived',
  'release.latest',
  'license.issued',
  'license.changed',
  'license.extended',
  'license.suspended',
  'license.resumed',
  'license.switched-off',
  'license.switched-on',
  'license.reassigned',
  'license.shared',
  'license.unshared',
  'license.rekeyed',
  'license.resent',
  'license.revealed',
  'license.reset',
  'license.reset-undone',
  'license.redeemed',
  'license.deleted',
  'license.restored',
  'license.expired',
  'license.expiry-undone',
  'license.purged',
  'blacklist.added',
  'blacklist.removed',
  'blacklist.ended',
  'api-key.created',
  'api-key.revoked',
  'customer.created',
  'customer.changed',
  'customer.revealed',
  'customer.merged',
  'customer.merge-undone',
  'effect.dropped',
  'effect.failed',
  'roles.stopped',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** One change and its actor. Audit events are never deleted, and never hold a key or a secret. */
export interface AuditEvent {
  readonly id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly actor: Actor;
  readonly action: AuditAction;
  /**
   * `license:12`, `licenses` (their ids in the details), `product:3`, `blacklist:7`, `api-key:1`, `settings`, `guild`,
   * `effect:9`, `user:<id>`, `customer:12`.
   */
  readonly subject: string;
  readonly reason: string | null;
  /** Small values that people can read: before and after, counts, names. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** The license that an event is about; null: it is about several, or something else. */
export function licenseIdOf({ subject }: Pick<AuditEvent, 'subject'>): number | null {
  const id = /^license:(\d+)$/.exec(subject)?.[1];
  return id === undefined ? null : Number(id);
}

/** A detail of an event that has a value before and one after. */
export interface AuditChange {
  readonly before: unknown;
  readonly after: unknown;
}

export function isAuditChange(value: unknown): value is AuditChange {
  return typeof value === 'object' && value !== null && 'before' in value && 'after' in value;
}

/** Whether an event is about the license, alone or among others. */
export function concernsLicense({ subject, details }: AuditEvent, licenseId: number): boolean {
  if (subject === `license:${licenseId}`) return true;
  return subject === 'licenses' && Array.isArray(details.licenses) && details.licenses.includes(licenseId);
}

/** An event as a use case makes it. The store adds id, guild and time. */
export type NewAuditEvent = Omit<AuditEvent, 'id' | 'guildId' | 'at'>;

/** Something that staff should look at. A kind and subject is raised at most once an hour. */
export interface Alert {
  readonly id: number;
  readonly guildId: string;
  readonly at: Date;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}
