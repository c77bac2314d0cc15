import {
  ChannelType,
  GatewayIntentBits,
  type APIApplicationCommand,
  type APIApplicationCommandPermission,
} from 'discord-api-types/v10';
import {
  changeMember,
  memberIsBanned,
  memberJoins,
  memberLeaves,
  nextChannelPosition,
  nextRolePosition,
  removeChannel,
  removeRole,
  saveChannel,
  saveRole,
  sendGuildCreate,
  sendInGuild,
} from '../world/changes.ts';
import { removeMessage } from '../world/messages.ts';
import type { ChannelRecord, GuildRecord, Overwrite, RoleRecord } from '../world/model.ts';
import { apiGuild, apiMember, apiUser } from '../world/payloads.ts';
import { everyonePermissions, invitedBotPermissions } from '../world/permissions.ts';
import { findMessage, known, type World } from '../world/world.ts';

export interface GivenOverwrite {
  /** A role (the guild's id is @everyone) or a user. */
  readonly id: string;
  readonly kind?: 'role' | 'member';
  readonly allow?: bigint;
  readonly deny?: bigint;
}

export interface GivenRole {
  readonly name: string;
  readonly permissions?: bigint;
  /** Above all roles but the bot's unless given. */
  readonly position?: number;
  readonly managed?: boolean;
  readonly mentionable?: boolean;
}

export interface GivenGuild {
  readonly name: string;
  readonly ownerId: string;
  /** What the bot's own role may do; what an invite link asks for unless given. */
  readonly botPermissions?: bigint;
  /** false: the guild exists, and `addBot` lets the bot join later. */
  readonly withBot?: boolean;
}

/** Everything that people do to users, guilds, channels, roles and members by hand. Ids go in and out. */
export function createWorldControl(world: World) {
  const { application } = world;
  const guildOf = (guildId: string): GuildRecord => known(world.guilds, guildId, 'guild');
  const memberOf = (guildId: string, userId: string) => known(guildOf(guildId).members, userId, 'member');
  const channelOf = (channelId: string): ChannelRecord => known(world.channels, channelId, 'channel');
  const guildOfChannel = (channelId: string) => guildOf(channelOf(channelId).guildId ?? '');

  function botRole(guild: GuildRecord): RoleRecord {
    const role = [...guild.roles.values()].find(({ botId }) => botId === application.botId);
    if (!role) throw new Error(`The bot is not in ${guild.name}`);
    return role;
  }

  function addBot(guildId: string, permissions = invitedBotPermissions): void {
    const guild = guildOf(guildId);
    const role: RoleRecord = {
      id: world.newId(),
      name: application.name,
      permissions,
      position: nextRolePosition(guild),
      color: 0,
      hoist: false,
      mentionable: false,
      managed: true,
      botId: application.botId,
    };
    guild.roles.set(role.id, role);
    guild.members.set(application.botId, {
      userId: application.botId,
      roles: [role.id],
      nick: null,
      joinedAtMs: world.now(),
    });
    sendGuildCreate(world, guild);
  }

  function saveOverwrite(channelId: string, given: GivenOverwrite): void {
    const channel = channelOf(channelId);
    const overwrite = toOverwrite(guildOfChannel(channelId), given);
    channel.overwrites = [...channel.overwrites.filter(({ id }) => id !== given.id), overwrite];
    saveChannel(world, guildOfChannel(channelId), channel);
  }

  return {
    addUser(given: { username: string; discriminator?: string; globalName?: string; bot?: boolean }): string {
      const id = world.newId();
      const { username, discriminator = '0', globalName = null, bot = false } = given;
      world.users.set(id, { id, username, discriminator, globalName, bot, dmsOpen: true });
      return id;
    },
    /** A guild with its owner as its first member, @everyone, and the bot with its own role. */
    addGuild({ name, ownerId, botPermissions, withBot = true }: GivenGuild): string {
      const id = world.newId();
      const everyone: RoleRecord = {
        id,
        name: '@everyone',
        permissions: everyonePermissions,
        position: 0,
        color: 0,
        hoist: false,
        mentionable: false,
        managed: false,
        botId: null,
      };
      const guild: GuildRecord = {
        id,
        name,
        ownerId,
        joinedAtMs: world.now(),
        roles: new Map([[id, everyone]]),
        members: new Map([[ownerId, { userId: ownerId, roles: [], nick: null, joinedAtMs: world.now() }]]),
        bans: new Map(),
        commands: new Map(),
        commandPermissions: new Map(),
      };
      world.guilds.set(id, guild);
      if (withBot) addBot(id, botPermissions);
      return id;
    },
    addBot,
    /** The bot is kicked: the guild goes on without it. */
    removeGuild(guildId: string): void {
      const guild = guildOf(guildId);
      memberLeaves(world, guild, application.botId);
      guild.roles.delete(botRole(guild).id);
    },
    /** The guild is out of order for a while: GUILD_DELETE with `unavailable`. */
    makeGuildUnavailable(guildId: string): void {
      const data = { id: guildId, unavailable: true };
      world.send({ event: 'GUILD_DELETE', intents: GatewayIntentBits.Guilds, data: () => data });
    },
    makeGuildAvailable(guildId: string): void {
      sendGuildCreate(world, guildOf(guildId));
    },
    renameGuild(guildId: string, name: string): void {
      const guild = guildOf(guildId);
      guild.name = name;
      sendInGuild(world, guild, 'GUILD_UPDATE', GatewayIntentBits.Guilds, apiGuild(guild));
    },

    addChannel(
      guildId: string,
      given: { name: string; type?: ChannelType; overwrites?: readonly GivenOverwrite[] },
    ): string {
      const guild = guildOf(guildId);
      const channel: ChannelRecord = {
        id: world.newId(),
        type: given.type ?? ChannelType.GuildText,
        guildId,
        recipientId: null,
        name: given.name,
        position: nextChannelPosition(world, guild),
        overwrites: (given.overwrites ?? []).map((overwrite) => toOverwrite(guild, overwrite)),
      };
      saveChannel(world, guild, channel);
      return channel.id;
    },
    setOverwrite: saveOverwrite,
    /** Takes permissions from the bot in one channel. */
    denyBotIn(channelId: string, deny: bigint): void {
      saveOverwrite(channelId, { id: application.botId, kind: 'member', deny });
    },
    deleteChannel(channelId: string): void {
      removeChannel(world, guildOfChannel(channelId), channelOf(channelId));
    },
    deleteMessage(messageId: string): void {
      const message = findMessage(world, messageId);
      if (message) removeMessage(world, message);
    },

    addRole(guildId: string, given: GivenRole): string {
      const guild = guildOf(guildId);
      const position = given.position ?? nextRolePosition(guild);
      const role: RoleRecord = {
        id: world.newId(),
        name: given.name,
        permissions: given.permissions ?? 0n,
        position,
        color: 0,
        hoist: false,
        mentionable: given.mentionable ?? false,
        managed: given.managed ?? false,
        botId: null,
      };
      // A role that nobody placed comes below the bot's, as if the owner had dragged the bot's role up.
      const own = [...guild.roles.values()].find(({ botId }) => botId === application.botId);
      saveRole(world, guild, role);
      if (given.position === undefined && own && own.position <= position) {
        saveRole(world, guild, Object.assign(own, { position: position + 1 }));
      }
      return role.id;
    },
    deleteRole(guildId: string, roleId: string): void {
      removeRole(world, guildOf(guildId), roleId);
    },
    /** `guildId` as role id is @everyone. */
    setRolePermissions(guildId: string, roleId: string, permissions: bigint): void {
      saveRole(world, guildOf(guildId), Object.assign(known(guildOf(guildId).roles, roleId, 'role'), { permissions }));
    },
    /** The permissions of the bot's own role; @everyone's come on top. */
    setBotPermissions(guildId: string, permissions: bigint): void {
      saveRole(world, guildOf(guildId), Object.assign(botRole(guildOf(guildId)), { permissions }));
    },
    setBotRolePosition(guildId: string, position: number): void {
      saveRole(world, guildOf(guildId), Object.assign(botRole(guildOf(guildId)), { position }));
    },
    rolePosition(guildId: string, roleId: string): number {
      return known(guildOf(guildId).roles, roleId, 'role').position;
    },

    addMember(guildId: string, userId: string, { roles = [] }: { roles?: readonly string[] } = {}): void {
      known(world.users, userId, 'user');
      for (const roleId of roles) known(guildOf(guildId).roles, roleId, 'role');
      memberJoins(world, guildOf(guildId), userId, roles);
    },
    /** Leaves, or is kicked. */
    removeMember(guildId: string, userId: string): void {
      memberLeaves(world, guildOf(guildId), userId);
    },
    banMember(guildId: string, userId: string, reason: string | null = null): void {
      memberIsBanned(world, guildOf(guildId), userId, reason);
    },
    giveRole(guildId: string, userId: string, roleId: string): void {
      known(guildOf(guildId).roles, roleId, 'role');
      const member = memberOf(guildId, userId);
      if (!member.roles.includes(roleId))
        changeMember(world, guildOf(guildId), member, { roles: [...member.roles, roleId] });
    },
    takeRole(guildId: string, userId: string, roleId: string): void {
      const member = memberOf(guildId, userId);
      changeMember(world, guildOf(guildId), member, { roles: member.roles.filter((id) => id !== roleId) });
    },
    memberRoles(guildId: string, userId: string): string[] {
      return [...(guildOf(guildId).members.get(userId)?.roles ?? [])];
    },

    /** Discord tells of others' new names as member updates of every shared guild; USER_UPDATE is about the bot alone. */
    renameUser(userId: string, given: { username?: string; globalName?: string | null }): void {
      const user = Object.assign(known(world.users, userId, 'user'), given);
      if (userId === application.botId) {
        world.send({ event: 'USER_UPDATE', intents: 0, data: () => apiUser(user) });
      }
      for (const guild of world.guilds.values()) {
        const member = guild.members.get(userId);
        if (member)
          sendInGuild(world, guild, 'GUILD_MEMBER_UPDATE', GatewayIntentBits.GuildMembers, apiMember(world, member));
      }
    },
    closeDms(userId: string): void {
      known(world.users, userId, 'user').dmsOpen = false;
    },
    openDms(userId: string): void {
      known(world.users, userId, 'user').dmsOpen = true;
    },
    /** So many more DM channels may be opened, then 40003; null lifts the limit. */
    limitDmOpens(left: number | null): void {
      world.dmOpensLeft = left;
    },

    setPrivilegedIntents(given: { members?: boolean; presences?: boolean; messageContent?: boolean }): void {
      application.membersIntent = given.members ?? application.membersIntent;
      application.presencesIntent = given.presences ?? application.presencesIntent;
      application.messageContentIntent = given.messageContent ?? application.messageContentIntent;
    },
    setPublicBot(isPublic: boolean): void {
      application.isPublic = isPublic;
    },
    /** Global commands, or those of one guild. */
    registeredCommands(guildId?: string): APIApplicationCommand[] {
      return [...(guildId === undefined ? application.commands : guildOf(guildId).commands).values()];
    },
    /** What an admin sets under Server Settings → Integrations; without a command's name for all of them. */
    setCommandPermissions(
      guildId: string,
      commandName: string | null,
      permissions: readonly APIApplicationCommandPermission[],
    ): void {
      const guild = guildOf(guildId);
      const all = [...application.commands.values(), ...guild.commands.values()];
      const id = commandName === null ? application.id : all.find(({ name }) => name === commandName)?.id;
      if (id === undefined) throw new Error(`No command ${commandName ?? ''} is registered`);
      guild.commandPermissions.set(id, permissions);
      const data = { id, application_id: application.id, permissions };
      sendInGuild(world, guild, 'APPLICATION_COMMAND_PERMISSIONS_UPDATE', 0, data);
    },
  };
}

export type WorldControl = ReturnType<typeof createWorldControl>;

function toOverwrite(guild: GuildRecord, { id, kind, allow = 0n, deny = 0n }: GivenOverwrite): Overwrite {
  return { id, kind: kind ?? (guild.roles.has(id) ? 'role' : 'member'), allow, deny };
}
