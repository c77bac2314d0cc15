import type { APIEmbed, Attachment, Message, User } from 'discord.js';
import type { ZodType } from 'zod';
import type { Actor } from '../../domain/actor.ts';
import type { Settings, StaffAction } from '../../domain/settings.ts';
import type { By } from '../../services/context.ts';
import type { Services } from '../../services/services.ts';
import type { Reply, Row } from './reply.ts';

/** Who asks, where and when; what every handler is given. */
export interface CommandContext {
  readonly services: Services;
  readonly now: Date;
  readonly user: { readonly id: string; readonly username: string; readonly displayName: string };
  /** The same person, as services and the audit name them. */
  readonly actor: Actor;
  /** null in a DM. */
  readonly guildId: string | null;
  /** The guild's Discord name; null in a DM. */
  readonly guildName: string | null;
  readonly channelId: string | null;
  /** null in a DM. */
  readonly settings: Settings | null;
  /** For what depends on options: has Manage Server. */
  readonly isManager: boolean;
  /** For what depends on options: null where the person may, else one sentence naming what is missing. */
  readonly missing: (action: StaffAction | 'manager') => string | null;

  /** The custom id of a button, select or modal that `handler` (a key of some command's `components`) answers. */
  readonly customId: (handler: string, state?: readonly (string | number)[], options?: CustomIdOptions) => string;
  /** Saves state that no custom id can hold, as JSON for 15 minutes; the token goes into the custom id's state. */
  readonly saveState: (state: unknown) => Promise<string>;
  /** What was saved under that token; null: it is too old, or has another shape. */
  readonly savedState: <T>(token: string, schema: ZodType<T>) => Promise<T | null>;

  /** Carries the effects of a change out, at most 2 s of waiting, and says what staff should know about the DMs. */
  readonly delivered: (effectIds: readonly number[]) => Promise<Delivery>;
  /** What Discord itself must do for a command (post a panel, look at roles): the bot's own side. */
  readonly discord: DiscordView;
}

interface CustomIdOptions {
  /** Anybody who sees it may press (panels, pick-ups). Otherwise only the person this answer goes to. */
  readonly forAnybody?: boolean;
  /** Only this user may press. */
  readonly forUserId?: string;
  /** Too old after so many minutes. */
  readonly minutes?: number;
}

/** In a guild. */
export interface GuildContext extends CommandContext {
  readonly guildId: string;
  readonly guildName: string;
  readonly channelId: string;
  readonly settings: Settings;
  /** What changes ask for first: `services.x.y({ ...context.by, … })`. */
  readonly by: By;
}

/** A slash command's options by name; those that were left out are null. A license or product option is its id. */
export interface Options {
  /** Trimmed. */
  readonly text: (name: string) => string | null;
  /** A key or secret, without the quotes and backticks that came along with it. */
  readonly key: (name: string) => string | null;
  readonly number: (name: string) => number | null;
  readonly flag: (name: string) => boolean | null;
  readonly userId: (name: string) => string | null;
  readonly user: (name: string) => User | null;
  readonly roleId: (name: string) => string | null;
  readonly channelId: (name: string) => string | null;
  readonly file: (name: string) => Attachment | null;
}

/** What each kind of call is given besides. */
export interface SlashCall {
  readonly options: Options;
}

export interface UserMenuCall {
  readonly target: User;
}

export interface MessageMenuCall {
  readonly target: Message;
}

export interface AutocompleteCall {
  readonly options: Options;
  /** The option being typed, and what stands in it so far. */
  readonly focused: { readonly name: string; readonly text: string };
}

export interface ComponentCall {
  /** What the custom id was made with. */
  readonly state: readonly string[];
  /** What was chosen in a select: values, or ids of users, roles or channels. */
  readonly values: readonly string[];
  /** The embeds of the message that has the component. */
  readonly messageEmbeds: readonly APIEmbed[];
  /** What was typed into a modal's field. */
  readonly field: (id: string) => string;
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** How the effects of a change went, for the reply to the person who made it. */
export interface Delivery {
  /** One sentence a DM that did not simply arrive, and for roles that could not be given; empty: all is well. */
  readonly lines: readonly string[];
  /** *Post pick-up here*, where a key did not reach its owner. */
  readonly rows: readonly Row[];
  /** Every DM among the effects arrived. */
  readonly dmArrived: boolean;
}

/** The few things commands do in Discord that are no effect of a change. */
export interface DiscordView {
  /** Posts into a channel of the guild; null, or one sentence saying why it could not. */
  readonly post: (guildId: string, channelId: string, message: Reply) => Promise<string | null>;
  /** What the bot lacks in that channel, by Discord's names; empty: nothing. */
  readonly missingPermissions: (guildId: string, channelId: string) => Promise<readonly string[]>;
  /** @everyone may read it. */
  readonly isReadByEveryone: (guildId: string, channelId: string) => Promise<boolean>;
  /** null: the bot can give it. Otherwise one sentence (above the bot's own role, managed, unknown). */
  readonly unassignableReason: (guildId: string, roleId: string) => Promise<string | null>;
  /** The role lets its members manage or moderate something: who may not manage the server must not hand it out. */
  readonly isStaffRole: (guildId: string, roleId: string) => Promise<boolean>;
  /** Of these roles, those whose members lack Moderate Members and so do not see the staff commands. */
  readonly rolesWithoutCommands: (guildId: string, roleIds: readonly string[]) => Promise<readonly string[]>;
  /** Role ids of a member; null: not in the guild. */
  readonly memberRoles: (guildId: string, userId: string) => Promise<readonly string[] | null>;
  readonly guildName: (guildId: string) => string | null;
}
