import { type AuditAction, type AuditEvent, isAuditChange } from './audit.ts';
import { findHold, type Hold, holdKinds } from './hold.ts';
import type { License } from './license.ts';
import type { StaffAction } from './settings/staff-actions.ts';
import { isFromWrongClock, minuteMs } from './values/calendar.ts';

/** What staff need permission for to undo a step of a license's history. Steps that are not here cannot be undone. */
const permissions = {
  'license.suspended': 'license.suspend',
  'license.resumed': 'license.suspend',
  'license.extended': 'license.edit',
  'license.changed': 'license.edit',
  'license.reassigned': 'license.reassign',
  'license.reset': 'license.reset',
  'license.deleted': 'license.delete',
} as const satisfies Partial<Record<AuditAction, StaffAction>>;

export type UndoableAction = keyof typeof permissions;
export const undoableActions = Object.keys(permissions) as readonly UndoableAction[];
export type UndoableStep = AuditEvent & { readonly action: UndoableAction };

/** For how long a reset can be undone. */
export const undoResetMs = 15 * minuteMs;

export function permissionToUndo({ action }: UndoableStep): StaffAction {
  return permissions[action];
}

/** Whether a reset at that instant can no longer be undone. */
export function isResetTooOld(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() > undoResetMs || isFromWrongClock(at, undoResetMs, now);
}

/**
 * The steps of a license's history that can be undone now: those after which nothing of what they changed was changed
 * again. `newest` are the newest events about the license, the newest first.
 */
export function undoableSteps(newest: readonly AuditEvent[], license: License, now: Date): readonly UndoableStep[] {
  const changedSince = new Set<string>();
  return newest.filter((event): event is UndoableStep => {
    const aspects = aspectsOf(event);
    const isLast = aspects.every((aspect) => !changedSince.has(aspect));
    for (const aspect of aspects) changedSince.add(aspect);
    return isLast && isUndoable(event) && holds(event, license, now);
  });
}

function isUndoable(event: AuditEvent): event is UndoableStep {
  return Object.hasOwn(permissions, event.action);
}

/** What of the license the event changed. */
function aspectsOf({ action, details, at }: AuditEvent): readonly string[] {
  switch (action) {
    case 'license.suspended':
    case 'license.resumed':
      return [`hold ${holdOf({ details, at }).kind}`];
    case 'license.extended':
    case 'license.changed':
      return changesIn(details).map(([field]) => (field === 'expiresAt' ? 'expiry' : field));
    case 'license.reassigned':
      return ['owner', 'machines'];
    case 'license.redeemed':
      return ['owner'];
    case 'license.reset':
    case 'license.reset-undone':
      return ['machines'];
    case 'license.deleted':
    case 'license.restored':
      return ['deletion'];
    default:
      return [];
  }
}

/** Whether the license still is as the step left it, as far as that can be seen without the values of its fields. */
function holds(step: UndoableStep, license: License, now: Date): boolean {
  const { action, details } = step;
  if (action === 'license.deleted') return license.deletedAt !== null;
  if (license.deletedAt !== null) return false;
  switch (action) {
    case 'license.suspended':
      return findHold(license.holds, holdOf(step).kind) !== null;
    case 'license.resumed':
      return findHold(license.holds, holdOf(step).kind) === null;
    case 'license.extended':
    case 'license.changed':
      return changesIn(details).length > 0;
    case 'license.reassigned':
      // The key that a license had before its new one is not stored.
      return details.newKey !== true && license.ownerId === details.to;
    case 'license.reset': {
      const at = resetAt(details);
      return at !== null && !isResetTooOld(at, now);
    }
  }
}

/** The fields of an event with different values before and after. */
export function changesIn(
  details: AuditEvent['details'],
): readonly (readonly [field: string, change: { readonly before: unknown; readonly after: unknown }])[] {
  return Object.entries(details).flatMap(([field, value]) =>
    isAuditChange(value) && JSON.stringify(value.before) !== JSON.stringify(value.after) ? [[field, value]] : [],
  );
}

/** When a reset released its machines, by which its undo names them; null: it released none, or did not record it. */
export function resetAt({ at, released }: AuditEvent['details']): Date | null {
  const isNothing = Object.values(released ?? {}).every((count) => count === 0);
  return typeof at === 'string' && !isNothing ? new Date(at) : null;
}

/** The hold that a step has set or lifted. One that was lifted is whole in it. */
export function holdOf({ details, at }: Pick<AuditEvent, 'details' | 'at'>): Hold {
  const { hold, since, because } = details;
  return {
    kind: holdKinds.find((kind) => kind === hold) ?? 'staff',
    at: typeof since === 'string' ? new Date(since) : at,
    reason: typeof because === 'string' ? because : null,
  };
}
