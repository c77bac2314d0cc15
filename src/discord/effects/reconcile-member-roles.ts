import { RESTJSONErrorCodes } from 'discord.js';
import type { Services } from '../../services/services.ts';
import type { Storage } from '../../storage/port/storage.ts';
import type { DiscordApi } from '../gateway/discord-api.ts';
import { isDiscordError } from '../gateway/discord-errors.ts';

export interface ReconcileParts {
  readonly api: Pick<DiscordApi, 'memberRoles' | 'giveRole' | 'takeRole'>;
  readonly storage: Pick<Storage, 'grantedRoles' | 'setRoleGranted'>;
  readonly services: { readonly members: Pick<Services['members'], 'earnedRoles' | 'roleUses'> };
}

export interface RolesOutcome {
  readonly gave: number;
  readonly took: number;
  /** Whether the user is in the guild. */
  readonly isMember: boolean;
  /** How many roles the user would have if they were in the guild. */
  readonly missed: number;
  /** Roles that Discord did not let the bot give or take. */
  readonly refused: readonly { readonly roleId: string; readonly why: 'too-high' | 'gone' }[];
}

/**
 * Gives the member the roles that their licenses earn and takes those that they no longer earn, of which only the ones
 * that the bot itself gave. Throws where a later attempt can succeed (Discord is down); roles that need a person's help
 * are in `refused`.
 */
export async function reconcileMemberRoles(
  parts: ReconcileParts,
  guildId: string,
  userId: string,
): Promise<RolesOutcome> {
  const { api, storage, services } = parts;
  const wanted = await services.members.earnedRoles(guildId, userId);
  const granted = await storage.grantedRoles(guildId, userId);
  const outcome = { gave: 0, took: 0, isMember: true, missed: 0, refused: [] as RolesOutcome['refused'][number][] };

  const roleIds = await api.memberRoles(guildId, userId);
  if (roleIds === null) {
    // A member who left has lost the roles. When they come back, the bot gives and notes them again.
    for (const roleId of granted) await storage.setRoleGranted(guildId, userId, roleId, false);
    return { ...outcome, isMember: false, missed: wanted.length };
  }

  for (const roleId of wanted.filter((id) => !roleIds.includes(id))) {
    // Noted before it is given: a role that was given and not noted would never be taken.
    await storage.setRoleGranted(guildId, userId, roleId, true);
    const why = await refusalOf(api.giveRole(guildId, userId, roleId));
    if (why === null) outcome.gave += 1;
    else {
      await storage.setRoleGranted(guildId, userId, roleId, false);
      outcome.refused.push({ roleId, why });
    }
  }
  for (const roleId of granted.filter((id) => !wanted.includes(id))) {
    const why = roleIds.includes(roleId) ? await refusalOf(api.takeRole(guildId, userId, roleId)) : 'gone';
    if (why === 'too-high') outcome.refused.push({ roleId, why });
    else await storage.setRoleGranted(guildId, userId, roleId, false);
    if (why === null) outcome.took += 1;
  }
  return outcome;
}

async function refusalOf(act: Promise<void>): Promise<'too-high' | 'gone' | null> {
  try {
    await act;
    return null;
  } catch (error) {
    const { MissingPermissions, UnknownRole } = RESTJSONErrorCodes;
    if (isDiscordError(error, MissingPermissions)) return 'too-high';
    if (isDiscordError(error, UnknownRole)) return 'gone';
    throw error;
  }
}
