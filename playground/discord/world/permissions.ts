import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, Overwrite, RoleRecord } from './model.ts';

const allPermissions = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n);

/** The permissions of @everyone in a new guild. */
export const everyonePermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.UseApplicationCommands;

/** The permissions that the invite link of the bot requests. */
export const invitedBotPermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.ManageRoles;

/** The permissions of both sides in a DM. */
const dmPermissions =
  PermissionFlagsBits.ViewChannel |
  PermissionFlagsBits.ReadMessageHistory |
  PermissionFlagsBits.SendMessages |
  PermissionFlagsBits.EmbedLinks |
  PermissionFlagsBits.AttachFiles |
  PermissionFlagsBits.UseApplicationCommands |
  PermissionFlagsBits.UseExternalEmojis |
  PermissionFlagsBits.MentionEveryone;

/** The permissions of a user in a guild, from all their roles; 0 for users who are not members. */
export function guildPermissions(guild: GuildRecord, userId: string): bigint {
  if (guild.ownerId === userId) return allPermissions;
  const member = guild.members.get(userId);
  if (!member) return 0n;
  const roles = [guild.id, ...member.roles].map((id) => guild.roles.get(id)?.permissions ?? 0n);
  const together = roles.reduce((all, bits) => all | bits, 0n);
  return together & PermissionFlagsBits.Administrator ? allPermissions : together;
}

/**
 * The permissions of a user in a channel. Overwrites apply in the order of
 * https://discord.com/developers/docs/topics/permissions#permission-overwrites: @everyone, then roles, then the member.
 */
export function channelPermissions(guild: GuildRecord | undefined, channel: ChannelRecord, userId: string): bigint {
  if (channel.type === ChannelType.DM) return dmPermissions;
  if (!guild) return 0n;
  const base = guildPermissions(guild, userId);
  if (base & PermissionFlagsBits.Administrator) return allPermissions;
  const member = guild.members.get(userId);
  if (!member) return 0n;
  const apply = (bits: bigint, overwrites: readonly Overwrite[]) => {
    const deny = overwrites.reduce((all, one) => all | one.deny, 0n);
    const allow = overwrites.reduce((all, one) => all | one.allow, 0n);
    return (bits & ~deny) | allow;
  };
  const of = (test: (overwrite: Overwrite) => boolean) => channel.overwrites.filter(test);
  const forEveryone = apply(
    base,
    of(({ id }) => id === guild.id),
  );
  const forRoles = apply(
    forEveryone,
    of(({ id, kind }) => kind === 'role' && member.roles.includes(id)),
  );
  const result = apply(
    forRoles,
    of(({ id, kind }) => kind === 'member' && id === userId),
  );
  // Without View Channel a user has no other permission in the channel either.
  return result & PermissionFlagsBits.ViewChannel ? result : 0n;
}

/** The highest role of a member; undefined where they have none but @everyone. */
export function highestRole(guild: GuildRecord, userId: string): RoleRecord | undefined {
  const roles = (guild.members.get(userId)?.roles ?? []).flatMap((id) => guild.roles.get(id) ?? []);
  return roles.reduce<RoleRecord | undefined>((best, role) => (!best || isAbove(role, best) ? role : best), undefined);
}

/** Whether a role is higher than another. Of two roles with the same position the older one is higher. */
export function isAbove(role: RoleRecord, other: RoleRecord): boolean {
  if (role.position !== other.position) return role.position > other.position;
  return BigInt(role.id) < BigInt(other.id);
}
