import type {
  APIApplicationCommand,
  APIApplicationCommandOptionChoice,
  APIApplicationCommandPermission,
  APIAttachment,
  APIEmbed,
  APIMessageReference,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
  ApplicationCommandType,
  ChannelType,
  InteractionResponseType,
  InteractionType,
  MessageType,
} from 'discord-api-types/v10';

export interface UserRecord {
  readonly id: string;
  username: string;
  discriminator: string;
  globalName: string | null;
  readonly bot: boolean;
  dmsOpen: boolean;
}

export interface RoleRecord {
  readonly id: string;
  name: string;
  permissions: bigint;
  position: number;
  color: number;
  hoist: boolean;
  mentionable: boolean;
  readonly managed: boolean;
  readonly botId: string | null;
}

export interface MemberRecord {
  readonly userId: string;
  roles: string[];
  nick: string | null;
  readonly joinedAtMs: number;
}

export interface Overwrite {
  readonly id: string;
  readonly kind: 'role' | 'member';
  readonly allow: bigint;
  readonly deny: bigint;
}

export interface ChannelRecord {
  readonly id: string;
  readonly type: ChannelType;
  readonly guildId: string | null;
  /** The user of a DM with the bot; null: a channel of a guild. */
  readonly recipientId: string | null;
  name: string;
  position: number;
  overwrites: Overwrite[];
}

export interface GuildRecord {
  readonly id: string;
  name: string;
  ownerId: string;
  readonly joinedAtMs: number;
  readonly roles: Map<string, RoleRecord>;
  readonly members: Map<string, MemberRecord>;
  readonly bans: Map<string, string | null>;
  readonly commands: Map<string, APIApplicationCommand>;
  /** Permissions by command id; those for all commands by application id. */
  readonly commandPermissions: Map<string, readonly APIApplicationCommandPermission[]>;
}

export interface FileRecord {
  readonly attachment: APIAttachment;
  readonly data: Buffer;
}

export interface Pings {
  readonly everyone: boolean;
  readonly users: readonly string[];
  readonly roles: readonly string[];
}

export interface MessageRecord {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly type: MessageType;
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  files: FileRecord[];
  flags: number;
  /** Whom the text mentions as it is now, as far as its sender allowed. */
  pings: Pings;
  /** The users whom Discord notified when the message was sent; an edit notifies no user. */
  readonly notified: readonly string[];
  readonly createdAtMs: number;
  editedAtMs: number | null;
  readonly nonce: string | null;
  readonly reference: APIMessageReference | null;
  readonly interactionId: string | null;
  /** The only user who can see it; null: all users who can see the channel. */
  readonly ephemeralFor: string | null;
}

export interface InteractionRecord {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly userId: string;
  readonly guildId: string | null;
  readonly channelId: string;
  readonly createdAtMs: number;
  /** The message of the component that was used, or that opened the modal; null: there is none. */
  readonly sourceMessageId: string | null;
  readonly commandType: ApplicationCommandType | null;
  state: 'waiting' | 'answered' | 'expired';
  callbackType: InteractionResponseType | null;
  originalId: string | null;
  /** The user sees an answer: after a deferral, the message that follows it. */
  finished: boolean;
  modal: APIModalInteractionResponseCallbackData | null;
  choices: readonly APIApplicationCommandOptionChoice[] | null;
  readonly followUpIds: string[];
}

export interface ApplicationRecord {
  readonly id: string;
  readonly botId: string;
  readonly name: string;
  ownerId: string;
  isPublic: boolean;
  membersIntent: boolean;
  presencesIntent: boolean;
  messageContentIntent: boolean;
  readonly commands: Map<string, APIApplicationCommand>;
}
