import type { AuditAction, NewAuditEvent } from '../domain/audit.ts';
import type { Effect, Notice } from '../domain/effect.ts';
import type { License } from '../domain/license.ts';
import type { Trail } from '../storage/port/trail.ts';
import type { By, ByStaff } from './context.ts';

/** Nothing changed, so there is nothing to record. */
export const noTrail: Trail = { audit: [], effects: [] };

/** An audit event of the actor `by`. The details must never hold a key or a secret. */
export function auditEvent(
  by: Pick<By, 'actor'> & { readonly reason?: string | null | undefined },
  action: AuditAction,
  subject: string,
  details: Readonly<Record<string, unknown>> = {},
): NewAuditEvent {
  return { actor: by.actor, action, subject, reason: by.reason ?? null, details };
}

/** Effects that correct the roles of these users, each once; null is an unclaimed license. */
export function roleEffects(...userIds: readonly (string | null)[]): readonly Extract<Effect, { kind: 'roles' }>[] {
  return [...new Set(userIds)].flatMap((userId) => (userId === null ? [] : [{ kind: 'roles', userId } as const]));
}

/** Effects that correct the roles of the owners of these licenses and of those whom they are shared with. */
export function correctRolesOf(...licenses: readonly License[]): ReturnType<typeof roleEffects> {
  return roleEffects(...licenses.flatMap(({ ownerId, helperIds }) => [ownerId, ...helperIds]));
}

type Why = Extract<Extract<Effect, { kind: 'dm' }>['message'], { type: 'keys' }>['why'];

/** The effect that notifies the owner of a change; none when the change is silent or the license unclaimed. */
export function notifyOwner(
  license: License,
  notice: Notice | Exclude<Notice['type'], 'reset'>,
  by: ByStaff,
): readonly Effect[] {
  if (by.silent || license.ownerId === null) return [];
  const what = typeof notice === 'string' ? { type: notice } : notice;
  const message = { ...what, licenseId: license.id, reason: by.reason ?? null };
  return [{ kind: 'dm', userId: license.ownerId, message }];
}

/** The effects that notify users that a license was shared with them, or no longer is; none when that is silent. */
export function notifyHelpers(
  userIds: readonly string[],
  license: License,
  type: 'shared' | 'unshared',
  by: ByStaff,
): readonly Effect[] {
  if (by.silent) return [];
  const message = { type, licenseId: license.id, reason: by.reason ?? null };
  return userIds.map((userId) => ({ kind: 'dm', userId, message }));
}

/** The effect that sends a user the keys of these licenses in one message. */
export function sendKeys(userId: string, why: Why, licenses: readonly License[]): Effect {
  return { kind: 'dm', userId, message: { type: 'keys', why, licenseIds: licenses.map((license) => license.id) } };
}
