import type { AuditAction, NewAuditEvent } from '../domain/audit.ts';
import type { Effect } from '../domain/effect.ts';
import type { License } from '../domain/license.ts';
import type { Trail } from '../storage/port/trail.ts';
import type { By, ByStaff } from './context.ts';

export const noTrail: Trail = { audit: [], effects: [] };

/** An audit event as `by` does it. Details never hold a key or a secret. */
export function auditEvent(
  by: Pick<By, 'actor'> & { readonly reason?: string | null | undefined },
  action: AuditAction,
  subject: string,
  details: Readonly<Record<string, unknown>> = {},
): NewAuditEvent {
  return { actor: by.actor, action, subject, reason: by.reason ?? null, details };
}

/** Puts a member's roles right; nothing for an unclaimed license. */
export function roleEffects(...userIds: readonly (string | null)[]): readonly Extract<Effect, { kind: 'roles' }>[] {
  return [...new Set(userIds)].flatMap((userId) => (userId === null ? [] : [{ kind: 'roles', userId } as const]));
}

type OwnerNotice = Exclude<Extract<Effect, { kind: 'dm' }>['message']['type'], 'keys'>;
type Why = Extract<Extract<Effect, { kind: 'dm' }>['message'], { type: 'keys' }>['why'];

/** Tells the owner what became of the license; nothing when silent or unclaimed. */
export function notifyOwner(license: License, type: OwnerNotice, by: ByStaff): readonly Effect[] {
  if (by.silent || license.ownerId === null) return [];
  const message = { type, licenseId: license.id, reason: by.reason ?? null } as const;
  return [{ kind: 'dm', userId: license.ownerId, message }];
}

/** Sends a person their keys in one message. */
export function sendKeys(userId: string, why: Why, licenses: readonly License[]): Effect {
  return { kind: 'dm', userId, message: { type: 'keys', why, licenseIds: licenses.map((license) => license.id) } };
}
