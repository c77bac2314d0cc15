import type { GatewayDispatchEvents } from 'discord-api-types/v10';
import { createSnowflakes } from './snowflakes.ts';
import type {
  ApplicationRecord,
  ChannelRecord,
  FileRecord,
  GuildRecord,
  InteractionRecord,
  MemberRecord,
  MessageRecord,
  UserRecord,
} from './model.ts';

/** A gateway event for all sessions whose intents include it. */
export interface Dispatch {
  readonly event: `${GatewayDispatchEvents}`;
  /** A session needs at least one of these intent bits; 0: it needs none. */
  readonly intents: number;
  /** The data for a session with these intents. */
  readonly data: (intents: number) => unknown;
}

/** The state of the local Discord. The modules of this folder read and change it. */
export interface World {
  readonly now: () => number;
  readonly newId: () => string;
  readonly application: ApplicationRecord;
  readonly users: Map<string, UserRecord>;
  readonly guilds: Map<string, GuildRecord>;
  readonly channels: Map<string, ChannelRecord>;
  readonly messages: Map<string, MessageRecord[]>;
  readonly interactions: Map<string, InteractionRecord>;
  /** Files that users uploaded in command options or modals, and that no message contains. */
  readonly uploads: Map<string, FileRecord>;
  /** The URL below which attachments are served, without a trailing slash. */
  filesUrl: string;
  /** How many more DM channels may be opened before 40003; null: no limit. */
  dmOpensLeft: number | null;
  /** Sends a gateway event. */
  send: (dispatch: Dispatch) => void;
  /** Reports a change to those who wait for a state. */
  changed: () => void;
}

/** An empty world with one application and its bot user. */
export function createWorld(now: () => number): World {
  const newId = createSnowflakes(now);
  const botId = newId();
  const owner: UserRecord = {
    id: newId(),
    username: 'app-owner',
    discriminator: '0',
    globalName: null,
    bot: false,
    dmsOpen: true,
  };
  const bot: UserRecord = {
    id: botId,
    username: 'local-bot',
    discriminator: '0001',
    globalName: null,
    bot: true,
    dmsOpen: false,
  };
  return {
    now,
    newId,
    application: {
      // An application and its bot user have the same id, as on Discord since 2016.
      id: botId,
      botId,
      name: 'local-bot',
      ownerId: owner.id,
      isPublic: true,
      membersIntent: true,
      presencesIntent: false,
      messageContentIntent: false,
      commands: new Map(),
    },
    users: new Map([
      [bot.id, bot],
      [owner.id, owner],
    ]),
    guilds: new Map(),
    channels: new Map(),
    messages: new Map(),
    interactions: new Map(),
    uploads: new Map(),
    filesUrl: '',
    dmOpensLeft: null,
    send: () => undefined,
    changed: () => undefined,
  };
}

/** The record with this id. Throws where there is none, because tests pass only ids that they got from this world. */
export function getRecord<T>(records: ReadonlyMap<string, T>, id: string, what: string): T {
  const record = records.get(id);
  if (record === undefined) throw new Error(`The local Discord has no ${what} ${id}`);
  return record;
}

export function findBotMember(world: World, guild: GuildRecord): MemberRecord | undefined {
  return guild.members.get(world.application.botId);
}

export function findGuildChannels(world: World, guildId: string): ChannelRecord[] {
  return [...world.channels.values()].filter((channel) => channel.guildId === guildId);
}

export function findDmChannel(world: World, userId: string): ChannelRecord | undefined {
  return [...world.channels.values()].find((channel) => channel.recipientId === userId);
}

export function findChannelMessages(world: World, channelId: string): MessageRecord[] {
  return world.messages.get(channelId) ?? [];
}

export function findMessage(world: World, messageId: string): MessageRecord | undefined {
  for (const messages of world.messages.values()) {
    const found = messages.find((message) => message.id === messageId);
    if (found) return found;
  }
  return undefined;
}
