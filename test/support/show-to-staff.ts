import { ApplicationCommandPermissionType } from 'discord.js';
import type { BotWorld } from './bot-world.ts';

/** The commands that are for members with Manage Server, unless a guild decides otherwise. */
export const managerCommands = ['setup', 'settings', 'apikey'];

/** Shows managers' commands to the staff role, as administrators do; its members are then refused or allowed. */
export function showToStaff({ discord, guildId, staffRoleId }: BotWorld, names = managerCommands): void {
  const shown = { id: staffRoleId, type: ApplicationCommandPermissionType.Role, permission: true };
  for (const name of names) discord.setCommandPermissions(guildId, name, [shown]);
}
