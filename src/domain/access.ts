import type { CommandError } from './command-error.ts';
import type { Settings } from './settings/settings.ts';
import { roleSetting, type StaffAction, staffActionTable } from './settings/staff-actions.ts';

/** A member with what Discord says of them when they invoke a command. */
export interface Member {
  readonly roleIds: readonly string[];
  /** Administrators and the server's owner have it too. */
  readonly manageServer: boolean;
  readonly moderateMembers: boolean;
}

/** Why a member may not do something; null: they may. Members with Manage Server always may. */
export function accessError(action: StaffAction, member: Member, settings: Settings): CommandError | null {
  if (member.manageServer) return null;
  const roleIds = settings[roleSetting(action)];
  if (roleIds === null) {
    const permission = staffActionTable[action].defaultPermission;
    const isAllowed = permission === 'moderate-members' && member.moderateMembers;
    return isAllowed ? null : { code: 'not-allowed', action, permission, roleIds: [] };
  }
  if (roleIds.some((role) => member.roleIds.includes(role))) return null;
  return { code: 'not-allowed', action, permission: 'manage-server', roleIds };
}
