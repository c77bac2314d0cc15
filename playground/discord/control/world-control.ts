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
} from '../world/guild-changes.ts';
import { removeMessage } from '../world/message-changes.ts';
import type { ChannelRecord, GuildRecord, Overwrite, RoleRecord } from '../world/model.ts';
import { apiGuild, apiMember, apiUser } from '../world/payloads.ts';
import { everyonePermissions, invitedBotPermissions } from '../world/permissions.ts';
import { findMessage, getRecord, type World } from '../world/world.ts';

/** A permission overwrite of a channel. */
export interface GivenOverwrite {
  /** The id of a role or a user; the id of the guild is the role @everyone. */
  readonly id: string;
  /** Where omitted: `role` if the guild has a role with this id, else `member`. */
  readonly kind?: 'role' | 'member';
  readonly allow?: bigint;
  readonly deny?: bigint;
}

export interface GivenRole {
  readonly name: string;
  readonly permissions?: bigint;
  /** Where omitted: above all other roles, but below the bot's role. */
  readonly position?: number;
  readonly managed?: boolean;
  readonly mentionable?: boolean;
}

export interface GivenGuild {
  readonly name: string;
  readonly ownerId: string;
  /** The permissions of the bot's own role; where omitted, those that an invite link requests. */
  readonly botPermissions?: bigint;
  /** false: the guild starts without the bot, which can join later with `addBot`. */
  readonly withBot?: boolean;
  /** For a guild that a store knows already; where omitted, a new id. */
  readonly id?: string;
}

/**
 * The changes that people make in Discord, and not the bot: to users, guilds, channels, roles and members. All functions
 * take and return ids, and throw for an id that this world does not have. A connected bot receives the gateway events
 * that Discord would send it for the change, as far as its intents allow.
 */
export function createWorldControl(world: World) {
  const { application } = world;
  const guildOf = (guildId: string): GuildRecord => getRecord(world.guilds, guildId, 'guild');
  const memberOf = (guildId: string, userId: string) => getRecord(guildOf(guildId).members, userId, 'member');
  const channelOf = (channelId: string): ChannelRecord => getRecord(world.channels, channelId, 'channel');
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
    /** A user whose DMs are open. They are in no guild yet. */
    addUser(given: {
      username: string;
      discriminator?: string;
      globalName?: string;
      bot?: boolean;
      /** For a user whom a store knows already; where omitted, a new id. */
      id?: string;
    }): string {
      const { id = world.newId() } = given;
      const { username, discriminator = '0', globalName = null, bot = false } = given;
      world.users.set(id, { id, username, discriminator, globalName, bot, dmsOpen: true });
      return id;
    },
    /** A guild with the role @everyone, its owner as a member and, unless `withBot` is false, the bot with its own role. */
    addGuild({ name, ownerId, botPermissions, withBot = true, id = world.newId() }: GivenGuild): string {
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
    /** The bot joins the guild. Its managed role has the given permissions and is the highest role. */
    addBot,
    /** Kicks the bot; its role disappears with it, and the guild stays. */
    removeGuild(guildId: string): void {
      const guild = guildOf(guildId);
      memberLeaves(world, guild, application.botId);
      guild.roles.delete(botRole(guild).id);
    },
    /** Reports an outage of the guild to the bot: GUILD_DELETE with `unavailable`. */
    makeGuildUnavailable(guildId: string): void {
      const data = { id: guildId, unavailable: true };
      world.send({ event: 'GUILD_DELETE', intents: GatewayIntentBits.Guilds, data: () => data });
    },
    /** Ends the outage: the bot receives GUILD_CREATE. */
    makeGuildAvailable(guildId: string): void {
      sendGuildCreate(world, guildOf(guildId));
    },
    renameGuild(guildId: string, name: string): void {
      const guild = guildOf(guildId);
      guild.name = name;
      sendInGuild(world, guild, 'GUILD_UPDATE', GatewayIntentBits.Guilds, apiGuild(guild));
    },

    /** A channel at the end of the guild's list; a text channel unless a type is given. */
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
    /** Adds the overwrite to the channel, or replaces the one for the same role or user. */
    setOverwrite: saveOverwrite,
    /** Denies the bot these permissions in one channel. */
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

    /** A role. Without a position it is placed below the bot's role, so that the bot can give it to members. */
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
      // Without a position the role must end up below the bot's, so that the bot can give it. The bot's role therefore moves
      // up, as if the owner had dragged it.
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
    /** The id of the guild, given as the role id, is @everyone. */
    setRolePermissions(guildId: string, roleId: string, permissions: bigint): void {
      saveRole(
        world,
        guildOf(guildId),
        Object.assign(getRecord(guildOf(guildId).roles, roleId, 'role'), { permissions }),
      );
    },
    /** Sets the permissions of the bot's own role. The bot also has those of @everyone. */
    setBotPermissions(guildId: string, permissions: bigint): void {
      saveRole(world, guildOf(guildId), Object.assign(botRole(guildOf(guildId)), { permissions }));
    },
    setBotRolePosition(guildId: string, position: number): void {
      saveRole(world, guildOf(guildId), Object.assign(botRole(guildOf(guildId)), { position }));
    },
    rolePosition(guildId: string, roleId: string): number {
      return getRecord(guildOf(guildId).roles, roleId, 'role').position;
    },

    addMember(guildId: string, userId: string, { roles = [] }: { roles?: readonly string[] } = {}): void {
      getRecord(world.users, userId, 'user');
      for (const roleId of roles) getRecord(guildOf(guildId).roles, roleId, 'role');
      memberJoins(world, guildOf(guildId), userId, roles);
    },
    /** The member leaves or is kicked; Discord sends the same event for both. */
    removeMember(guildId: string, userId: string): void {
      memberLeaves(world, guildOf(guildId), userId);
    },
    banMember(guildId: string, userId: string, reason: string | null = null): void {
      memberIsBanned(world, guildOf(guildId), userId, reason);
    },
    giveRole(guildId: string, userId: string, roleId: string): void {
      getRecord(guildOf(guildId).roles, roleId, 'role');
      const member = memberOf(guildId, userId);
      if (!member.roles.includes(roleId))
        changeMember(world, guildOf(guildId), member, { roles: [...member.roles, roleId] });
    },
    takeRole(guildId: string, userId: string, roleId: string): void {
      const member = memberOf(guildId, userId);
      changeMember(world, guildOf(guildId), member, { roles: member.roles.filter((id) => id !== roleId) });
    },
    /** The ids of the member's roles without @everyone; empty for a user who is not a member. */
    memberRoles(guildId: string, userId: string): string[] {
      return [...(guildOf(guildId).members.get(userId)?.roles ?? [])];
    },

    /**
     * Changes a name. Discord reports it to the bot as GUILD_MEMBER_UPDATE in every shared guild; it sends USER_UPDATE only
     * when the bot's own name changes.
     */
    renameUser(userId: string, given: { username?: string; globalName?: string | null }): void {
      const user = Object.assign(getRecord(world.users, userId, 'user'), given);
      if (userId === application.botId) {
        world.send({ event: 'USER_UPDATE', intents: 0, data: () => apiUser(user) });
      }
      for (const guild of world.guilds.values()) {
        const member = guild.members.get(userId);
        if (member)
          sendInGuild(world, guild, 'GUILD_MEMBER_UPDATE', GatewayIntentBits.GuildMembers, apiMember(world, member));
      }
    },
    /** From now on messages of the bot to this user fail with 50007. */
    closeDms(userId: string): void {
      getRecord(world.users, userId, 'user').dmsOpen = false;
    },
    openDms(userId: string): void {
      getRecord(world.users, userId, 'user').dmsOpen = true;
    },
    /** After `left` more opened DM channels, opening one fails with 40003. null removes the limit. */
    limitDmOpens(left: number | null): void {
      world.dmOpensLeft = left;
    },

    /** The switches for privileged intents in the developer portal. At first only `members` is on. */
    setPrivilegedIntents(given: { members?: boolean; presences?: boolean; messageContent?: boolean }): void {
      application.membersIntent = given.members ?? application.membersIntent;
      application.presencesIntent = given.presences ?? application.presencesIntent;
      application.messageContentIntent = given.messageContent ?? application.messageContentIntent;
    },
    /** The switch "Public Bot" in the developer portal. */
    setPublicBot(isPublic: boolean): void {
      application.isPublic = isPublic;
    },
    /** The global commands, or with a guild the commands of that guild alone. */
    registeredCommands(guildId?: string): APIApplicationCommand[] {
      return [...(guildId === undefined ? application.commands : guildOf(guildId).commands).values()];
    },
    /** The command permissions under Server Settings → Integrations. A command name of null sets those for all commands. */
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
