import {
  ApplicationCommandPermissionType as Kind,
  PermissionFlagsBits,
  type APIApplicationCommand,
  type APIApplicationCommandPermission,
  type ApplicationCommandType,
} from 'discord-api-types/v10';
import type { GuildRecord } from '../world/model.ts';
import { channelPermissions, guildPermissions } from '../world/permissions.ts';
import { findBotMember, getRecord, type World } from '../world/world.ts';
import { ClientRejection } from './client-rejection.ts';

/** Where a user wants to use a command; `guild` is undefined in the DM with the bot. */
interface CommandContext {
  readonly guild: GuildRecord | undefined;
  readonly channelId: string;
  readonly userId: string;
}

/** The registered command with this name and type. Throws a `ClientRejection` where the user cannot use it here. */
export function findUsableCommand(
  world: World,
  place: CommandContext,
  name: string,
  type: ApplicationCommandType,
): APIApplicationCommand {
  const candidates = [...(place.guild?.commands.values() ?? []), ...world.application.commands.values()];
  const command = candidates.find((one) => one.name === name && one.type === type);
  if (!command) throw new ClientRejection('unknown-command', `no command ${name} is registered`);
  const why = findRejection(world, place, command);
  if (why) throw why;
  return command;
}

/** The names of all commands that the client shows to the user here. */
export function listUsableCommands(world: World, place: CommandContext): string[] {
  const candidates = [...(place.guild?.commands.values() ?? []), ...world.application.commands.values()];
  return candidates.filter((command) => findRejection(world, place, command) === undefined).map(({ name }) => name);
}

function findRejection(
  world: World,
  { guild, channelId, userId }: CommandContext,
  command: APIApplicationCommand,
): ClientRejection | undefined {
  const contexts: readonly number[] = command.contexts ?? [0, 1];
  if (!contexts.includes(guild ? 0 : 1)) {
    return new ClientRejection('not-here', `${command.name} cannot be used ${guild ? 'in a server' : 'in a DM'}`);
  }
  if (!guild) return undefined;
  if (!findBotMember(world, guild)) return new ClientRejection('unknown-command', 'the bot is not in this server');
  const mine = channelPermissions(guild, getRecord(world.channels, channelId, 'channel'), userId);
  if (!(mine & PermissionFlagsBits.ViewChannel))
    return new ClientRejection('no-access', 'the user does not see this channel');
  if (!(mine & PermissionFlagsBits.UseApplicationCommands))
    return new ClientRejection('not-permitted', 'no commands here');
  if (isPermitted(world, guild, channelId, userId, command)) return undefined;
  return new ClientRejection('not-permitted', `${command.name} is hidden from this member`);
}

/**
 * Follows https://discord.com/developers/docs/interactions/application-commands#permissions. An entry for the member wins
 * over entries for roles, which win over the one for @everyone; without any entry the command's default permissions
 * decide. An entry for the channel can only forbid the command.
 */
function isPermitted(
  world: World,
  guild: GuildRecord,
  channelId: string,
  userId: string,
  command: APIApplicationCommand,
): boolean {
  const bits = guildPermissions(guild, userId);
  if (bits & PermissionFlagsBits.Administrator) return true;
  const lists = [command.id, world.application.id].map((id) => guild.commandPermissions.get(id) ?? []);
  const inChannel = lists
    .map((list) => findChannelEntry(list, guild.id, channelId))
    .find((entry) => entry !== undefined);
  if (inChannel === false) return false;
  const roles = guild.members.get(userId)?.roles ?? [];
  for (const list of lists) {
    const verdict = findUserEntry(list, guild.id, userId, roles);
    if (verdict !== undefined) return verdict;
  }
  const needed = command.default_member_permissions;
  if (needed === null) return true;
  const wanted = BigInt(needed);
  return wanted !== 0n && (bits & wanted) === wanted;
}

type Entries = readonly APIApplicationCommandPermission[];

function findChannelEntry(list: Entries, guildId: string, channelId: string): boolean | undefined {
  const allChannels = (BigInt(guildId) - 1n).toString();
  const entries = list.filter(({ type }) => type === Kind.Channel);
  return (entries.find(({ id }) => id === channelId) ?? entries.find(({ id }) => id === allChannels))?.permission;
}

function findUserEntry(list: Entries, guildId: string, userId: string, roles: readonly string[]): boolean | undefined {
  const own = list.find(({ type, id }) => type === Kind.User && id === userId);
  if (own) return own.permission;
  const ofRoles = list.filter(({ type, id }) => type === Kind.Role && roles.includes(id));
  if (ofRoles.length > 0) return ofRoles.some(({ permission }) => permission);
  return list.find(({ type, id }) => type === Kind.Role && id === guildId)?.permission;
}
