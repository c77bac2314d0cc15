import { GatewayIntentBits, type GatewayDispatchEvents } from 'discord-api-types/v10';
import type { ChannelRecord, GuildRecord, MemberRecord, RoleRecord } from './model.ts';
import { apiChannel, apiMember, apiRole, apiUser, guildCreate } from './payloads.ts';
import { findBotMember, findGuildChannels, getRecord, type World } from './world.ts';

/** Sends the bot an event of a guild, if the bot is a member. */
export function sendInGuild(
  world: World,
  guild: GuildRecord,
  event: `${GatewayDispatchEvents}`,
  intents: number,
  data: object,
): void {
  if (findBotMember(world, guild)) world.send({ event, intents, data: () => ({ guild_id: guild.id, ...data }) });
  world.changed();
}

/** Sends the bot the whole guild, as after joining it or after an outage. */
export function sendGuildCreate(world: World, guild: GuildRecord): void {
  world.send({
    event: 'GUILD_CREATE',
    intents: GatewayIntentBits.Guilds,
    data: (intents) => guildCreate(world, guild, (intents & GatewayIntentBits.GuildPresences) !== 0),
  });
  world.changed();
}

/** Makes the user a member and sends the event. */
export function memberJoins(world: World, guild: GuildRecord, userId: string, roles: readonly string[]): MemberRecord {
  const member: MemberRecord = { userId, roles: [...roles], nick: null, joinedAtMs: world.now() };
  guild.members.set(userId, member);
  sendInGuild(world, guild, 'GUILD_MEMBER_ADD', GatewayIntentBits.GuildMembers, apiMember(world, member));
  return member;
}

/** Removes the member and sends the event. If the bot itself leaves, that event is GUILD_DELETE. */
export function memberLeaves(world: World, guild: GuildRecord, userId: string): void {
  if (!guild.members.delete(userId)) return;
  if (userId === world.application.botId) {
    const data = { id: guild.id };
    world.send({ event: 'GUILD_DELETE', intents: GatewayIntentBits.Guilds, data: () => data });
    world.changed();
    return;
  }
  const user = apiUser(getRecord(world.users, userId, 'user'));
  sendInGuild(world, guild, 'GUILD_MEMBER_REMOVE', GatewayIntentBits.GuildMembers, { user });
}

/** Bans the user, who leaves the guild, and sends the events. */
export function memberIsBanned(world: World, guild: GuildRecord, userId: string, reason: string | null): void {
  guild.bans.set(userId, reason);
  memberLeaves(world, guild, userId);
  const user = apiUser(getRecord(world.users, userId, 'user'));
  sendInGuild(world, guild, 'GUILD_BAN_ADD', GatewayIntentBits.GuildModeration, { user });
}

/** Changes a member and sends the event. A bot receives events about itself without the members intent. */
export function changeMember(
  world: World,
  guild: GuildRecord,
  member: MemberRecord,
  change: Partial<MemberRecord>,
): void {
  Object.assign(member, change);
  const intents = member.userId === world.application.botId ? 0 : GatewayIntentBits.GuildMembers;
  sendInGuild(world, guild, 'GUILD_MEMBER_UPDATE', intents, apiMember(world, member));
}

/** Adds or changes a role, and sends the event. */
export function saveRole(world: World, guild: GuildRecord, role: RoleRecord): void {
  const event = guild.roles.has(role.id) ? 'GUILD_ROLE_UPDATE' : 'GUILD_ROLE_CREATE';
  guild.roles.set(role.id, role);
  sendInGuild(world, guild, event, GatewayIntentBits.Guilds, { role: apiRole(role) });
}

/** Removes a role, also from its members, and sends the event. */
export function removeRole(world: World, guild: GuildRecord, roleId: string): void {
  guild.roles.delete(roleId);
  for (const member of guild.members.values()) member.roles = member.roles.filter((id) => id !== roleId);
  sendInGuild(world, guild, 'GUILD_ROLE_DELETE', GatewayIntentBits.Guilds, { role_id: roleId });
}

/** Adds or changes a channel, and sends the event. */
export function saveChannel(world: World, guild: GuildRecord, channel: ChannelRecord): void {
  const event = world.channels.has(channel.id) ? 'CHANNEL_UPDATE' : 'CHANNEL_CREATE';
  world.channels.set(channel.id, channel);
  sendInGuild(world, guild, event, GatewayIntentBits.Guilds, apiChannel(world, channel));
}

/** Removes a channel with its messages, and sends the event. */
export function removeChannel(world: World, guild: GuildRecord, channel: ChannelRecord): void {
  const data = apiChannel(world, channel);
  world.channels.delete(channel.id);
  world.messages.delete(channel.id);
  sendInGuild(world, guild, 'CHANNEL_DELETE', GatewayIntentBits.Guilds, data);
}

/** The position of a new role: above all roles but the bot's own. */
export function nextRolePosition(guild: GuildRecord): number {
  return (
    Math.max(0, ...[...guild.roles.values()].filter(({ botId }) => botId === null).map((role) => role.position)) + 1
  );
}

/** The position of a new channel: at the end of the list. */
export function nextChannelPosition(world: World, guild: GuildRecord): number {
  return findGuildChannels(world, guild.id).length;
}
