import { ApplicationFlags, ChannelType } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, MemberRecord, RoleRecord, UserRecord } from './model.ts';
import { findChannelMessages, findGuildChannels, getRecord, type World } from './world.ts';

export function apiUser(user: UserRecord): object {
  return {
    id: user.id,
    username: user.username,
    discriminator: user.discriminator,
    global_name: user.globalName,
    avatar: null,
    public_flags: 0,
    ...(user.bot && { bot: true }),
  };
}

export function apiMember(world: World, member: MemberRecord): object {
  return { user: apiUser(getRecord(world.users, member.userId, 'user')), ...partialMember(member) };
}

/** A member without the user, as Discord sends it in `resolved` and in messages. */
export function partialMember(member: MemberRecord): object {
  return {
    nick: member.nick,
    avatar: null,
    banner: null,
    roles: [...member.roles],
    joined_at: new Date(member.joinedAtMs).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
  };
}

export function apiRole(role: RoleRecord): object {
  return {
    id: role.id,
    name: role.name,
    permissions: role.permissions.toString(),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: role.hoist,
    managed: role.managed,
    mentionable: role.mentionable,
    flags: 0,
    icon: null,
    unicode_emoji: null,
    ...(role.botId !== null && { tags: { bot_id: role.botId } }),
  };
}

export function apiChannel(world: World, channel: ChannelRecord): object {
  const lastMessageId = findChannelMessages(world, channel.id).at(-1)?.id ?? null;
  if (channel.recipientId !== null) {
    return {
      id: channel.id,
      type: ChannelType.DM,
      flags: 0,
      last_message_id: lastMessageId,
      recipients: [apiUser(getRecord(world.users, channel.recipientId, 'user'))],
    };
  }
  return {
    id: channel.id,
    type: channel.type,
    guild_id: channel.guildId,
    name: channel.name,
    position: channel.position,
    parent_id: null,
    topic: null,
    nsfw: false,
    flags: 0,
    rate_limit_per_user: 0,
    last_message_id: lastMessageId,
    permission_overwrites: channel.overwrites.map((one) => ({
      id: one.id,
      type: one.kind === 'role' ? 0 : 1,
      allow: one.allow.toString(),
      deny: one.deny.toString(),
    })),
  };
}

export function apiGuild(guild: GuildRecord): object {
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    owner_id: guild.ownerId,
    region: '',
    afk_channel_id: null,
    afk_timeout: 300,
    widget_enabled: false,
    verification_level: 0,
    default_message_notifications: 1,
    explicit_content_filter: 0,
    roles: [...guild.roles.values()].map(apiRole),
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
    incidents_data: null,
    hub_type: null,
  };
}

/**
 * The data of GUILD_CREATE. Discord sends all members only with the presences intent; with the members intent alone a
 * client has to request them.
 */
export function guildCreate(world: World, guild: GuildRecord, allMembers: boolean): object {
  const members = [...guild.members.values()];
  const shown = allMembers ? members : members.filter(({ userId }) => userId === world.application.botId);
  return {
    ...apiGuild(guild),
    joined_at: new Date(guild.joinedAtMs).toISOString(),
    large: false,
    unavailable: false,
    member_count: members.length,
    members: shown.map((member) => apiMember(world, member)),
    channels: findGuildChannels(world, guild.id).map((channel) => apiChannel(world, channel)),
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** The intents of the developer portal as flags. Bots in fewer than 100 guilds have the "limited" flags. */
export function applicationFlags({ application }: World): number {
  return (
    (application.membersIntent ? ApplicationFlags.GatewayGuildMembersLimited : 0) |
    (application.presencesIntent ? ApplicationFlags.GatewayPresenceLimited : 0) |
    (application.messageContentIntent ? ApplicationFlags.GatewayMessageContentLimited : 0)
  );
}

export function apiApplication(world: World): object {
  const { application } = world;
  return {
    id: application.id,
    name: application.name,
    icon: null,
    description: '',
    summary: '',
    bot_public: application.isPublic,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    flags: applicationFlags(world),
    owner: apiUser(getRecord(world.users, application.ownerId, 'user')),
    team: null,
    bot: apiUser(getRecord(world.users, application.botId, 'user')),
    approximate_guild_count: [...world.guilds.values()].filter(({ members }) => members.has(application.botId)).length,
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    event_webhooks_url: null,
    event_webhooks_status: 1,
    tags: [],
    integration_types_config: { 0: {} },
  };
}
