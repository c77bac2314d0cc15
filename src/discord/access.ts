import { manageServerActions, roleSetting, type Settings, type StaffAction } from '../domain/settings.ts';

/**
 * Who may use something. A staff action asks the guild's role lists; `manager` needs Manage Server; `member` is for
 * everybody in the guild; `buyer` for everybody, in guilds and in the bot's DMs.
 */
export type Access = StaffAction | 'manager' | 'member' | 'buyer';
export type StaffAccess = StaffAction | 'manager';

/** A member as one interaction shows them: roles and permissions are as of this press. */
export interface Rights {
  readonly roleIds: readonly string[];
  /** Manage Server or Administrator. */
  readonly managesServer: boolean;
  readonly moderatesMembers: boolean;
}

export const noRights: Rights = { roleIds: [], managesServer: false, moderatesMembers: false };

export function isStaffAccess(access: Access): access is StaffAccess {
  return access !== 'member' && access !== 'buyer';
}

/** null: allowed. Otherwise one sentence naming what is missing. */
export function missingAccess(access: Access, rights: Rights, settings: Settings): string | null {
  if (!isStaffAccess(access) || rights.managesServer) return null;
  if (access === 'manager') return 'This needs the permission Manage Server.';

  const roleIds = settings[roleSetting(access)];
  if (roleIds === null) {
    if (manageServerActions.includes(access)) {
      return `This needs the permission Manage Server, or a role that \`roles.${access}\` in /settings allows.`;
    }
    return rights.moderatesMembers ? null : 'This needs the permission Moderate Members (shown as Timeout Members).';
  }
  if (roleIds.some((id) => rights.roleIds.includes(id))) return null;
  if (roleIds.length === 0) return `This needs the permission Manage Server: \`roles.${access}\` allows no role.`;
  const shown = roleIds.slice(0, 5).map((id) => `<@&${id}>`);
  const roles = [...shown, ...(roleIds.length > 5 ? [`${roleIds.length - 5} more`] : [])].join(', ');
  return `This needs one of the roles that \`roles.${access}\` allows (${roles}), or Manage Server.`;
}
