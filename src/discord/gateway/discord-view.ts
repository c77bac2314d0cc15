import { ChannelType, type Client, DiscordAPIError, type GuildBasedChannel, PermissionFlagsBits } from 'discord.js';
import type { DiscordView } from '../framework/command-context.ts';
import type { DiscordApi } from './discord-api.ts';
import { findForeignCommands, type ForeignCommandsParts, removeForeignCommands } from './foreign-commands.ts';
import { findHiddenCommands, type HiddenCommandsParts } from './hidden-commands.ts';
import { toMessage } from '../framework/message.ts';

const neededPermissions = [
  [PermissionFlagsBits.ViewChannel, 'View Channel'],
  [PermissionFlagsBits.SendMessages, 'Send Messages'],
  [PermissionFlagsBits.EmbedLinks, 'Embed Links'],
  [PermissionFlagsBits.AttachFiles, 'Attach Files'],
] as const;

/** A role with any of these has power over other members. A user who could give it could make themselves staff. */
const staffPermissions =
  PermissionFlagsBits.Administrator |
  PermissionFlagsBits.ManageGuild |
  PermissionFlagsBits.ManageRoles |
  PermissionFlagsBits.ManageChannels |
  PermissionFlagsBits.ManageWebhooks |
  PermissionFlagsBits.ManageMessages |
  PermissionFlagsBits.ManageThreads |
  PermissionFlagsBits.ManageNicknames |
  PermissionFlagsBits.ManageEvents |
  PermissionFlagsBits.ManageGuildExpressions |
  PermissionFlagsBits.MentionEveryone |
  PermissionFlagsBits.ViewAuditLog |
  PermissionFlagsBits.ModerateMembers |
  PermissionFlagsBits.KickMembers |
  PermissionFlagsBits.BanMembers |
  PermissionFlagsBits.MuteMembers |
  PermissionFlagsBits.DeafenMembers |
  PermissionFlagsBits.MoveMembers;

export interface DiscordViewParts {
  readonly client: () => Client;
  readonly api: Pick<DiscordApi, 'send' | 'memberRoles'>;
  /** Knows the application once the bot is connected. */
  readonly commandParts: () => HiddenCommandsParts & ForeignCommandsParts;
}

/** Reads guilds from the cache that the gateway keeps up to date; posts and reads members and commands by REST. */
export function createDiscordView({ client, api, commandParts }: DiscordViewParts): DiscordView {
  const guildOf = (guildId: string) => client().guilds.cache.get(guildId) ?? null;
  const channelOf = (guildId: string, channelId: string): GuildBasedChannel | null =>
    guildOf(guildId)?.channels.cache.get(channelId) ?? null;

  function missingIn(guildId: string, channelId: string): readonly string[] {
    const [guild, channel] = [guildOf(guildId), channelOf(guildId, channelId)];
    const me = guild?.members.me;
    const has = channel && me ? channel.permissionsFor(me) : null;
    return neededPermissions.filter(([bit]) => has?.has(bit) !== true).map(([, name]) => name);
  }

  return {
    async post(guildId, channelId, message) {
      if (!channelOf(guildId, channelId)) return 'There is no such channel, or I cannot see it.';
      try {
        await api.send(channelId, toMessage(message), null);
        return null;
      } catch (error) {
        if (!(error instanceof DiscordAPIError)) throw error;
        const missing = missingIn(guildId, channelId);
        const what = missing.length > 0 ? `I lack ${missing.join(', ')} there` : `Discord said: ${error.message}`;
        return `I cannot post in <#${channelId}>: ${what}.`;
      }
    },
    missingPermissions: (guildId, channelId) => Promise.resolve(missingIn(guildId, channelId)),
    isReadByEveryone(guildId, channelId) {
      const guild = guildOf(guildId);
      const everyone = guild?.roles.everyone;
      const channel = channelOf(guildId, channelId);
      const can = channel && everyone ? channel.permissionsFor(everyone) : null;
      return Promise.resolve(can?.has(PermissionFlagsBits.ViewChannel) === true);
    },
    unassignableReason(guildId, roleId) {
      const guild = guildOf(guildId);
      const role = guild?.roles.cache.get(roleId);
      const me = guild?.members.me;
      if (!role || !me) return Promise.resolve(`<@&${roleId}> was deleted, or is of another server. Choose another.`);
      if (role.managed || role.id === guildId)
        return Promise.resolve(
          `Discord lets no bot give <@&${roleId}>: an integration manages it, or it is @everyone.`,
        );
      if (!me.permissions.has(PermissionFlagsBits.ManageRoles)) return Promise.resolve('I lack Manage Roles.');
      const isBelow = me.roles.highest.comparePositionTo(role) > 0;
      return Promise.resolve(
        isBelow ? null : `<@&${roleId}> stands above my own role: drag mine above it in Server Settings → Roles.`,
      );
    },
    isStaffRole(guildId, roleId) {
      const role = guildOf(guildId)?.roles.cache.get(roleId);
      return Promise.resolve(role?.permissions.any(staffPermissions) === true);
    },
    async canSee(guildId, channelId, userId) {
      const channel = client().channels.cache.get(channelId);
      if (!channel || channel.isDMBased() || channel.type === ChannelType.PrivateThread) return false;
      // The cache does not hold all members, and may still hold one who has left.
      const member = await guildOf(guildId)
        ?.members.fetch({ user: userId, force: true })
        .catch(() => null);
      return !!member && channel.permissionsFor(member).has(PermissionFlagsBits.ViewChannel);
    },
    hiddenCommands: (guildId, settings) => findHiddenCommands(commandParts(), guildId, settings),
    foreignCommands: (guildId) => findForeignCommands(commandParts(), guildId),
    removeForeignCommands: (guildId) => removeForeignCommands(commandParts(), guildId),
    memberRoles: (guildId, userId) => api.memberRoles(guildId, userId),
    guildName: (guildId) => guildOf(guildId)?.name ?? null,
  };
}
