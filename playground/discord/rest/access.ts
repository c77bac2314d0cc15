import { PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, MemberRecord } from '../world/model.ts';
import { channelPermissions, guildPermissions } from '../world/permissions.ts';
import { botMember, type World } from '../world/world.ts';
import { refuse } from './errors.ts';

/** A guild that the bot is in. */
export function guildFor(world: World, guildId: string): GuildRecord {
  const guild = world.guilds.get(guildId);
  if (!guild || !botMember(world, guild)) throw refuse('unknownGuild');
  return guild;
}

export function memberOf(guild: GuildRecord, userId: string): MemberRecord {
  const member = guild.members.get(userId);
  if (!member) throw refuse('unknownMember');
  return member;
}

/** Throws unless the bot has the guild-wide permission. */
export function requireGuildPermission(world: World, guild: GuildRecord, permission: bigint): void {
  const mine = guildPermissions(guild, world.application.botId);
  if ((mine & permission) !== permission) throw refuse('missingPermissions');
}

export function botChannelPermissions(world: World, channel: ChannelRecord): bigint {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  return channelPermissions(guild, channel, world.application.botId);
}

/** A channel that the bot sees and where it may do all of this. */
export function channelFor(world: World, channelId: string, permissions = 0n): ChannelRecord {
  const channel = world.channels.get(channelId);
  if (!channel) throw refuse('unknownChannel');
  const mine = botChannelPermissions(world, channel);
  if (!(mine & PermissionFlagsBits.ViewChannel)) throw refuse('missingAccess');
  if ((mine & permissions) !== permissions) throw refuse('missingPermissions');
  return channel;
}
