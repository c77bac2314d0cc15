import {
  ApplicationCommandPermissionType as Kind,
  PermissionFlagsBits,
  type APIApplicationCommand,
  type APIApplicationCommandPermission,
  type ApplicationCommandType,
} from 'discord-api-types/v10';
import type { GuildRecord } from '../world/model.ts';
import { channelPermissions, guildPermissions } from '../world/permissions.ts';
import { botMember, known, type World } from '../world/world.ts';
import { ClientRefusal } from './client-rejection.ts';

interface Place {
  readonly guild: GuildRecord | undefined;
  readonly channelId: string;
  readonly userId: string;
}

/** The registered command of that name and type that the user can use in this place. */
export function usableCommand(
  world: World,
  place: Place,
  name: string,
  type: ApplicationCommandType,
): APIApplicationCommand {
  const candidates = [...(place.guild?.commands.values() ?? []), ...world.application.commands.values()];
  const command = candidates.find((one) => one.name === name && one.type === type);
  if (!command) throw new ClientRefusal('unknown-command', `no command ${name} is registered`);
  const why = whyNot(world, place, command);
  if (why) throw why;
  return command;
}

/** The names of all commands that the user is shown there. */
export function usableCommands(world: World, place: Place): string[] {
  const candidates = [...(place.guild?.commands.values() ?? []), ...world.application.commands.values()];
  return candidates.filter((command) => whyNot(world, place, command) === undefined).map(({ name }) => name);
}

function whyNot(
  world: World,
  { guild, channelId, userId }: Place,
  command: APIApplicationCommand,
): ClientRefusal | undefined {
  const contexts: readonly number[] = command.contexts ?? [0, 1];
  if (!contexts.includes(guild ? 0 : 1)) {
    return new ClientRefusal('not-here', `${command.name} cannot be used ${guild ? 'in a server' : 'in a DM'}`);
  }
  if (!guild) return undefined;
  if (!botMember(world, guild)) return new ClientRefusal('unknown-command', 'the bot is not in this server');
  const mine = channelPermissions(guild, known(world.channels, channelId, 'channel'), userId);
  if (!(mine & PermissionFlagsBits.ViewChannel))
    return new ClientRefusal('no-access', 'the user does not see this channel');
  if (!(mine & PermissionFlagsBits.UseApplicationCommands))
    return new ClientRefusal('not-permitted', 'no commands here');
  if (isPermitted(world, guild, channelId, userId, command)) return undefined;
  return new ClientRefusal('not-permitted', `${command.name} is hidden from this member`);
}

/**
 * https://discord.com/developers/docs/interactions/application-commands#permissions: an entry for the member beats those
 * of roles, which beat @everyone; without any the command's default permissions decide. Channels can only shut it out.
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
  const inChannel = lists.map((list) => channelEntry(list, guild.id, channelId)).find((entry) => entry !== undefined);
  if (inChannel === false) return false;
  const roles = guild.members.get(userId)?.roles ?? [];
  for (const list of lists) {
    const verdict = personEntry(list, guild.id, userId, roles);
    if (verdict !== undefined) return verdict;
  }
  const needed = command.default_member_permissions;
  if (needed === null) return true;
  const wanted = BigInt(needed);
  return wanted !== 0n && (bits & wanted) === wanted;
}

type Entries = readonly APIApplicationCommandPermission[];

function channelEntry(list: Entries, guildId: string, channelId: string): boolean | undefined {
  const allChannels = (BigInt(guildId) - 1n).toString();
  const entries = list.filter(({ type }) => type === Kind.Channel);
  return (entries.find(({ id }) => id === channelId) ?? entries.find(({ id }) => id === allChannels))?.permission;
}

function personEntry(list: Entries, guildId: string, userId: string, roles: readonly string[]): boolean | undefined {
  const own = list.find(({ type, id }) => type === Kind.User && id === userId);
  if (own) return own.permission;
  const ofRoles = list.filter(({ type, id }) => type === Kind.Role && roles.includes(id));
  if (ofRoles.length > 0) return ofRoles.some(({ permission }) => permission);
  return list.find(({ type, id }) => type === Kind.Role && id === guildId)?.permission;
}
