import { accessError, type Member } from '../../domain/access.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { manageServerActions, type StaffAction } from '../../domain/settings/staff-actions.ts';
import { describeCommandError } from '../texts/command-errors.ts';

/**
 * Who may use a command or component. A staff action: the roles that the guild's settings list for it. `manager`:
 * members with Manage Server. `member`: every member of the guild. `buyer`: every user, in guilds and in DMs.
 */
export type Access = StaffAction | 'manager' | 'member' | 'buyer';
export type StaffAccess = StaffAction | 'manager';

export const notAMember: Member = { roleIds: [], manageServer: false, moderateMembers: false };

export function isStaffAccess(access: Access): access is StaffAccess {
  return access !== 'member' && access !== 'buyer';
}

/** Whether, as long as the guild has set no role list, only members with Manage Server are allowed. */
export function needsManageServer(access: StaffAccess): boolean {
  return access === 'manager' || manageServerActions.includes(access);
}

/** null: allowed. Otherwise one sentence naming what is missing. */
export function missingAccess(access: Access, member: Member, settings: Settings): string | null {
  if (!isStaffAccess(access)) return null;
  if (access === 'manager')
    return member.manageServer ? null : 'You cannot do this: you need the Manage Server permission.';
  const refusal = accessError(access, member, settings);
  return refusal && describeCommandError(refusal);
}
