import { MessageFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import type { MessageRecord } from './model.ts';
import { channelPermissions } from './permissions.ts';
import { getRecord, type World } from './world.ts';

type Shown = Pick<MessageRecord, 'channelId' | 'flags' | 'ephemeralFor'>;

/** Only its addressee can see an ephemeral message; all users who can see the channel see the others. */
export function canSee(world: World, message: Shown, userId: string): boolean {
  if (message.flags & MessageFlags.Ephemeral || message.ephemeralFor !== null) return message.ephemeralFor === userId;
  const channel = getRecord(world.channels, message.channelId, 'channel');
  if (channel.recipientId !== null) return channel.recipientId === userId;
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  return (channelPermissions(guild, channel, userId) & PermissionFlagsBits.ViewChannel) !== 0n;
}

/**
 * The users that Discord notifies of a new message: in a DM the recipient, elsewhere those it mentions who can see it.
 * A deferred answer is a message without content, and Discord does not notify users of what is edited into it later.
 */
export function notifiedUsers(world: World, message: Shown & Pick<MessageRecord, 'authorId' | 'pings'>): string[] {
  if (message.flags & (MessageFlags.Loading | MessageFlags.SuppressNotifications)) return [];
  const { pings, authorId } = message;
  const channel = getRecord(world.channels, message.channelId, 'channel');
  const members = [...(world.guilds.get(channel.guildId ?? '')?.members.values() ?? [])];
  const isMentioned = (roles: readonly string[]) => pings.everyone || roles.some((role) => pings.roles.includes(role));
  const mentioned = [...pings.users, ...members.flatMap(({ userId, roles }) => (isMentioned(roles) ? [userId] : []))];
  const addressed = channel.recipientId === null ? mentioned : [channel.recipientId];
  return [...new Set(addressed)].filter((userId) => userId !== authorId && canSee(world, message, userId));
}
