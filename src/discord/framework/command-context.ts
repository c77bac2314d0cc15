import type { APIEmbed, Attachment, Message, User } from 'discord.js';
import type { ZodType } from 'zod';
import type { Actor } from '../../domain/actor.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import type { StaffAction } from '../../domain/settings/staff-actions.ts';
import type { By } from '../../services/context.ts';
import type { Services } from '../../services/services.ts';
import type { Reply, Row } from './reply.ts';

/** What every handler is given: who uses the command, where and when, and what commands work with. */
export interface CommandContext {
  readonly services: Services;
  readonly now: Date;
  readonly user: { readonly id: string; readonly username: string; readonly displayName: string };
  /** The same user as services and the audit name them. */
  readonly actor: Actor;
  /** null in a DM. */
  readonly guildId: string | null;
  /** The guild's Discord name; null in a DM. */
  readonly guildName: string | null;
  readonly channelId: string | null;
  /** null in a DM. */
  readonly settings: Settings | null;
  /** The user has Manage Server; for permissions that depend on options. */
  readonly isManager: boolean;
  /** For permissions that depend on options. null: the user may. Otherwise one sentence naming what is missing. */
  readonly missing: (action: StaffAction | 'manager') => string | null;

  /** The custom id of a button, select or modal that `handler` (a key of some command's `components`) answers. */
  readonly customId: (handler: string, state?: readonly (string | number)[], options?: CustomIdOptions) => string;
  /** Saves state that no custom id can hold, as JSON for 15 minutes; the token goes into the custom id's state. */
  readonly saveState: (state: unknown) => Promise<string>;
  /** What was saved under that token; null: it is too old, or has another shape. */
  readonly savedState: <T>(token: string, schema: ZodType<T>) => Promise<T | null>;

  /** Has the effects of a change carried out, and describes what becomes of them. */
  readonly delivery: (effectIds: readonly number[]) => DeliveryReport;
  /** What the bot sees and may do in Discord besides replying. */
  readonly discord: DiscordView;
}

interface CustomIdOptions {
  /** Every user who sees it may press. Otherwise only the user whom the reply is for. */
  readonly forAnybody?: boolean;
  /** Only this user may press. */
  readonly forUserId?: string;
  /** The component stops working after this many minutes. */
  readonly minutes?: number;
}

/** The context of a command or component that was used in a guild. */
export interface GuildContext extends CommandContext {
  readonly guildId: string;
  readonly guildName: string;
  readonly channelId: string;
  readonly settings: Settings;
  /** Guild and actor, which every change of a service needs: `services.x.y({ ...context.by, … })`. */
  readonly by: By;
}

/** A slash command's options by name; those that were left out are null. A license or product option is its id. */
export interface Options {
  /** Trimmed. */
  readonly text: (name: string) => string | null;
  /** A key or secret, without the quotes and backticks that were copied with it. */
  readonly key: (name: string) => string | null;
  readonly number: (name: string) => number | null;
  readonly flag: (name: string) => boolean | null;
  readonly userId: (name: string) => string | null;
  readonly user: (name: string) => User | null;
  readonly roleId: (name: string) => string | null;
  readonly channelId: (name: string) => string | null;
  readonly file: (name: string) => Attachment | null;
}

/** What each kind of interaction adds to the context. */
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
  /** The option that is being typed, and its text so far. */
  readonly focused: { readonly name: string; readonly text: string };
}

export interface ComponentCall {
  /** The state that the custom id was made with. */
  readonly state: readonly string[];
  /** The values that were chosen in a select, or the ids of users, roles or channels. */
  readonly values: readonly string[];
  /** Whether a user who was chosen in a select is a bot. */
  readonly isBot: (userId: string) => boolean;
  /** The embeds of the message that has the component. */
  readonly messageEmbeds: readonly APIEmbed[];
  /** What was typed into a modal's field. */
  readonly field: (id: string) => string;
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** What becomes of the effects of a change. Discord may take longer for them than a reply may wait. */
export interface DeliveryReport {
  /** What is known now. */
  readonly soFar: () => Promise<Delivery>;
  /** Waits until they have ended, at most a minute, and until the bot stops. */
  readonly end: () => Promise<Delivery>;
}

/** Whether the effects of a change were carried out, for the reply to the user who made it. */
export interface Delivery {
  /** One sentence for each DM and for each user whose roles changed or could not be changed, with a sign in front. */
  readonly lines: readonly string[];
  /** *Post pick-up here*, where a key did not reach its owner. */
  readonly rows: readonly Row[];
  /** Every DM among the effects arrived. */
  readonly dmArrived: boolean;
  /** `absent`: they follow when the user joins the server. */
  readonly roles: 'under-way' | 'done' | 'failed' | 'absent';
  /** No effect is under way any more. */
  readonly isOver: boolean;
}

/** A role whose members may use commands by the guild's settings, while Discord does not show them these commands. */
export interface HiddenCommands {
  readonly role: { readonly id: string; readonly name: string };
  /** In the order in which they are registered. */
  readonly commands: readonly string[];
}

/** A command that another program registered for one guild. */
export interface ForeignCommand {
  readonly id: string;
  readonly name: string;
}

/** What the bot sees of a guild in Discord, and what commands do there that is no effect of a change. */
export interface DiscordView {
  /** Posts into a channel of the guild. null: done. Otherwise one sentence saying why it failed. */
  readonly post: (guildId: string, channelId: string, message: Reply) => Promise<string | null>;
  /** The permissions that the bot lacks in that channel, by Discord's names. */
  readonly missingPermissions: (guildId: string, channelId: string) => Promise<readonly string[]>;
  /** Whether @everyone may read the channel. */
  readonly isReadByEveryone: (guildId: string, channelId: string) => Promise<boolean>;
  /** null: the bot can give the role. Otherwise one sentence (above the bot's own role, managed, unknown). */
  readonly unassignableReason: (guildId: string, roleId: string) => Promise<string | null>;
  /** Whether the role lets its members manage or moderate something: giving it needs Manage Server. */
  readonly isStaffRole: (guildId: string, roleId: string) => Promise<boolean>;
  /** Whether the user is a member who can read the channel. False where Discord does not say. */
  readonly canSee: (guildId: string, channelId: string, userId: string) => Promise<boolean>;
  /** The staff roles whose members do not see commands that these settings allow them. */
  readonly hiddenCommands: (guildId: string, settings: Settings) => Promise<readonly HiddenCommands[]>;
  /** The commands that another program left in this guild. */
  readonly foreignCommands: (guildId: string) => Promise<readonly ForeignCommand[]>;
  /** Removes these commands, and returns those that it removed. */
  readonly removeForeignCommands: (guildId: string) => Promise<readonly ForeignCommand[]>;
  /** Role ids of a member; null: not in the guild. */
  readonly memberRoles: (guildId: string, userId: string) => Promise<readonly string[] | null>;
  readonly guildName: (guildId: string) => string | null;
}
