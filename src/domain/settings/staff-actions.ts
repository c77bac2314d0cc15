/** A permission of Discord that a staff action may need. */
export type StaffPermission = 'manage-server' | 'moderate-members';

interface StaffActionRow {
  /** What a member with the action may do, as the end of “Roles that may …”. */
  readonly does: string;
  /** Which permission of Discord allows it while the guild has set no role list. */
  readonly defaultPermission: StaffPermission;
}

/** What a guild can give a role list for, in the order in which it is listed. */
export const staffActionTable = {
  'license.view': { does: 'see licenses', defaultPermission: 'moderate-members' },
  'license.issue': { does: 'issue licenses', defaultPermission: 'moderate-members' },
  'license.edit': { does: 'edit and extend licenses', defaultPermission: 'moderate-members' },
  'license.suspend': { does: 'suspend and resume licenses', defaultPermission: 'moderate-members' },
  'license.reassign': { does: 'reassign licenses', defaultPermission: 'moderate-members' },
  'license.rekey': { does: 'give licenses new keys', defaultPermission: 'moderate-members' },
  'license.resend': { does: 'send keys to their owners again', defaultPermission: 'moderate-members' },
  'license.reset': { does: 'reset machines', defaultPermission: 'moderate-members' },
  'license.reveal': { does: 'see whole keys', defaultPermission: 'manage-server' },
  'license.bulk': { does: 'change many licenses at once', defaultPermission: 'manage-server' },
  'license.delete': { does: 'delete and restore licenses', defaultPermission: 'manage-server' },
  product: { does: 'manage products and releases', defaultPermission: 'moderate-members' },
  blacklist: { does: 'manage the blacklist', defaultPermission: 'moderate-members' },
  logs: { does: 'read attempts', defaultPermission: 'moderate-members' },
  apikey: { does: 'manage API keys', defaultPermission: 'manage-server' },
  'customer-data': { does: 'see, change and merge customers', defaultPermission: 'moderate-members' },
  settings: { does: 'change settings', defaultPermission: 'manage-server' },
} as const satisfies Readonly<Record<string, StaffActionRow>>;

export type StaffAction = keyof typeof staffActionTable;
export const staffActions = Object.keys(staffActionTable) as readonly StaffAction[];

/** Actions that need Manage Server while their role list is unset; the others need Moderate Members. */
export const manageServerActions: readonly StaffAction[] = staffActions.filter(
  (action) => staffActionTable[action].defaultPermission === 'manage-server',
);

/** The setting that holds the role list of an action. */
export function roleSetting<A extends StaffAction>(action: A): `roles.${A}` {
  return `roles.${action}`;
}
