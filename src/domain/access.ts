import type { CommandError } from './command-error.ts';
import type { Settings } from './settings.ts';
import { manageServerActions, roleSetting, type StaffAction } from './staff-actions.ts';

/** A member as Discord describes who invoked a command. */
export interface Member {
  readonly roleIds: readonly string[];
  /** Administrators and the server's owner have it too. */
  readonly manageServer: boolean;
  readonly moderateMembers: boolean;
}

/** Why a member may not do something; null: they may. Manage Server always may. */
export function accessError(action: StaffAction, member: Member, settings: Settings): CommandError | null {
  if (member.manageServer) return null;
  const roles = settings[roleSetting(action)];
  if (roles === null) {
    if (manageServerActions.includes(action)) return missing(action, 'the Manage Server permission');
    return member.moderateMembers ? null : missing(action, 'the Moderate Members permission');
  }
  if (roles.some((role) => member.roleIds.includes(role))) return null;
  if (roles.length === 0) return missing(action, 'the Manage Server permission');
  const names = roles.map((role) => `<@&${role}>`).join(', ');
  return missing(action, `the Manage Server permission or one of these roles: ${names}`);
}

function missing(action: StaffAction, what: string): CommandError {
  return { code: 'not-allowed', action, missing: what };
}
