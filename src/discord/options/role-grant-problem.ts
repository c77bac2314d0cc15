import type { GuildContext } from '../framework/command-context.ts';
import { mentionRole } from '../texts/phrases.ts';

/**
 * Why this staff member must not make the bot give that role; null: they may. The bot can give every role below its
 * own, so a staff member could otherwise give themselves permissions that they lack.
 */
export async function roleGrantProblem(
  { isManager, discord, guildId }: GuildContext,
  roleId: string,
): Promise<string | null> {
  if (isManager || !(await discord.isStaffRole(guildId, roleId))) return null;
  return `You cannot do this: ${mentionRole(roleId)} has staff permissions, so you need the Manage Server permission to have me give it.`;
}
