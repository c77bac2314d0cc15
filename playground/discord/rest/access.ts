import { PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, MemberRecord } from '../world/model.ts';
import { channelPermissions, guildPermissions } from '../world/permissions.ts';
import { findBotMember, type World } from '../world/world.ts';
import { discordError } from './errors.ts';

/** The guild, if the bot is a member; throws 10004 otherwise. */
export function requireGuild(world: World, guildId: string): GuildRecord {
  const guild = world.guilds.get(guildId);
  if (!guild || !findBotMember(world, guild)) throw discordError('unknownGuild');
  return guild;
}

/** The member of the guild; throws 10007 for a user who is not one. */
export function requireMember(guild: GuildRecord, userId: string): MemberRecord {
  const member = guild.members.get(userId);
  if (!member) throw discordError('unknownMember');
  return member;
}

/** Throws 50013 unless the bot has the permission in the whole guild. */
export function requireGuildPermission(world: World, guild: GuildRecord, permission: bigint): void {
  const mine = guildPermissions(guild, world.application.botId);
  if ((mine & permission) !== permission) throw discordError('missingPermissions');
}

/** The bot's permissions in a channel. */
export function botChannelPermissions(world: World, channel: ChannelRecord): bigint {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  return channelPermissions(guild, channel, world.application.botId);
}

/** The channel, if the bot can see it and has all these permissions there; throws 10003, 50001 or 50013 otherwise. */
export function requireChannel(world: World, channelId: string, permissions = 0n): ChannelRecord {
  const channel = world.channels.get(channelId);
  if (!channel) throw discordError('unknownChannel');
  const mine = botChannelPermissions(world, channel);
  if (!(mine & PermissionFlagsBits.ViewChannel)) throw discordError('missingAccess');
  if ((mine & permissions) !== permissions) throw discordError('missingPermissions');
  return channel;
}
