import {
  type APIDMChannel,
  type APIGuild,
  type APIGuildMember,
  type APIRole,
  REST,
  type RESTPostAPIChannelMessageResult,
  Routes,
} from 'discord.js';
import { isAbsence } from './discord-errors.ts';
import type { RememberUser } from './remember-users.ts';
import type { PlainMessage } from '../framework/message.ts';

/** What the bot does in Discord that is no reply to an interaction. Discord's errors are thrown as DiscordAPIError. */
export interface DiscordApi {
  /** The ids of the member's roles; null: the user is not in the guild. */
  memberRoles(guildId: string, userId: string): Promise<readonly string[] | null>;
  roles(guildId: string): Promise<readonly APIRole[]>;
  giveRole(guildId: string, userId: string, roleId: string): Promise<void>;
  takeRole(guildId: string, userId: string, roleId: string): Promise<void>;
  /** The user id of a guild's owner. */
  guildOwner(guildId: string): Promise<string>;
  /** The DM channel's id. */
  openDm(userId: string): Promise<string>;
  /** For a few minutes, Discord answers a second message of the same nonce with the first, and makes no other. */
  send(channelId: string, message: PlainMessage, nonce: string | null): Promise<void>;
}

const reason = 'Licenses of this member';

/**
 * The REST client that discord.js itself uses. An `import` of @discordjs/rest would load its ES module, whose error
 * classes are not those of the CommonJS module that discord.js loads and re-exports.
 */
export function createRest(apiUrl: string | null, token: string): REST {
  return new REST({ version: '10', retries: 1, ...(apiUrl !== null && { api: apiUrl }) }).setToken(token);
}

export function createDiscordApi(rest: REST, rememberUser: RememberUser): DiscordApi {
  return {
    async memberRoles(guildId, userId) {
      try {
        const { user, roles } = (await rest.get(Routes.guildMember(guildId, userId))) as APIGuildMember;
        rememberUser(user);
        return roles;
      } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
      }
    },
    async roles(guildId) {
      return (await rest.get(Routes.guildRoles(guildId))) as APIRole[];
    },
    async giveRole(guildId, userId, roleId) {
      await rest.put(Routes.guildMemberRole(guildId, userId, roleId), { reason });
    },
    async takeRole(guildId, userId, roleId) {
      await rest.delete(Routes.guildMemberRole(guildId, userId, roleId), { reason });
    },
    async guildOwner(guildId) {
      return ((await rest.get(Routes.guild(guildId))) as APIGuild).owner_id;
    },
    async openDm(userId) {
      const body = { recipient_id: userId };
      const { id, recipients } = (await rest.post(Routes.userChannels(), { body })) as APIDMChannel;
      recipients?.forEach(rememberUser);
      return id;
    },
    async send(channelId, { content, embeds, components, files, allowedMentions }, nonce) {
      const body = {
        content,
        embeds,
        components,
        allowed_mentions: allowedMentions,
        ...(nonce !== null && { nonce, enforce_nonce: true }),
        ...(files.length > 0 && { attachments: files.map(({ name }, id) => ({ id, filename: name })) }),
      };
      const sent = files.map(({ name, attachment }, id) => ({ name, data: attachment, key: `files[${id}]` }));
      (await rest.post(Routes.channelMessages(channelId), { body, files: sent })) as RESTPostAPIChannelMessageResult;
    },
  };
}
