import { ChannelType, GatewayIntentBits, MessageFlags, MessageType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { ChannelRecord, InteractionRecord, MessageRecord } from './model.ts';
import { apiUser, partialMember } from './payloads.ts';
import { channelPermissions } from './permissions.ts';
import { notifiedUsers } from './visibility.ts';
import { getRecord, type World } from './world.ts';

type NewMessage = Pick<MessageRecord, 'channelId' | 'authorId'> & Partial<Omit<MessageRecord, 'notified'>>;

/** Adds a message to its channel and sends the event, which Discord does not send for ephemeral messages. */
export function addMessage(world: World, given: NewMessage): MessageRecord {
  const sent: Omit<MessageRecord, 'notified'> = {
    id: world.newId(),
    type: MessageType.Default,
    content: '',
    embeds: [],
    components: [],
    files: [],
    flags: 0,
    pings: { everyone: false, users: [], roles: [] },
    createdAtMs: world.now(),
    editedAtMs: null,
    nonce: null,
    reference: null,
    interactionId: null,
    ephemeralFor: null,
    ...given,
  };
  const message = { ...sent, notified: notifiedUsers(world, sent) };
  const list = world.messages.get(message.channelId);
  if (list) list.push(message);
  else world.messages.set(message.channelId, [message]);
  if (message.ephemeralFor === null) sendMessageEvent(world, 'MESSAGE_CREATE', message);
  world.changed();
  return message;
}

/** Removes a message and sends the event. */
export function removeMessage(world: World, message: MessageRecord): void {
  const list = world.messages.get(message.channelId) ?? [];
  world.messages.set(
    message.channelId,
    list.filter(({ id }) => id !== message.id),
  );
  const channel = world.channels.get(message.channelId);
  if (channel && message.ephemeralFor === null) {
    const data = { id: message.id, channel_id: channel.id, ...(channel.guildId && { guild_id: channel.guildId }) };
    sendInChannel(world, 'MESSAGE_DELETE', channel, () => data);
  }
  world.changed();
}

/** Changes a message and sends the event. */
export function changeMessage(world: World, message: MessageRecord, change: Partial<MessageRecord>): void {
  const wasLoading = (message.flags & MessageFlags.Loading) !== 0;
  Object.assign(message, change, { editedAtMs: wasLoading ? null : world.now() });
  if (message.ephemeralFor === null) sendMessageEvent(world, 'MESSAGE_UPDATE', message);
  world.changed();
}

function sendMessageEvent(world: World, event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: MessageRecord): void {
  const channel = getRecord(world.channels, message.channelId, 'channel');
  sendInChannel(world, event, channel, (intents) => ({
    ...apiMessage(world, message, (intents & GatewayIntentBits.MessageContent) !== 0),
    channel_type: channel.type,
    ...memberOf(world, channel, message.authorId),
  }));
}

/** Sends the bot an event of a channel, if it can see the channel. */
function sendInChannel(
  world: World,
  event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE' | 'MESSAGE_DELETE',
  channel: ChannelRecord,
  data: (intents: number) => unknown,
): void {
  const guild = channel.guildId === null ? undefined : world.guilds.get(channel.guildId);
  const mine = channelPermissions(guild, channel, world.application.botId);
  if (!(mine & PermissionFlagsBits.ViewChannel)) return;
  const intents = channel.type === ChannelType.DM ? GatewayIntentBits.DirectMessages : GatewayIntentBits.GuildMessages;
  world.send({ event, intents, data });
}

function memberOf(world: World, channel: ChannelRecord, userId: string) {
  if (channel.guildId === null) return {};
  const member = world.guilds.get(channel.guildId)?.members.get(userId);
  return { guild_id: channel.guildId, ...(member && { member: partialMember(member) }) };
}

/**
 * A message as Discord sends it to the bot. Without the message content intent the content is empty, except in the bot's
 * own messages, in DMs and in messages that mention the bot.
 */
export function apiMessage(world: World, message: MessageRecord, mayReadContent: boolean): object {
  const { botId } = world.application;
  const channel = world.channels.get(message.channelId);
  const readable =
    mayReadContent ||
    message.authorId === botId ||
    channel?.type === ChannelType.DM ||
    message.pings.users.includes(botId);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: apiUser(getRecord(world.users, message.authorId, 'user')),
    content: readable ? message.content : '',
    embeds: readable ? message.embeds : [],
    components: readable ? message.components : [],
    attachments: readable ? message.files.map(({ attachment }) => attachment) : [],
    flags: message.flags,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp: message.editedAtMs === null ? null : new Date(message.editedAtMs).toISOString(),
    tts: false,
    pinned: false,
    mention_everyone: message.pings.everyone,
    mentions: message.pings.users.map((id) => apiUser(getRecord(world.users, id, 'user'))),
    mention_roles: [...message.pings.roles],
    ...(message.authorId === botId && { application_id: world.application.id }),
    ...(message.nonce !== null && { nonce: message.nonce }),
    ...(message.reference && { message_reference: message.reference }),
    ...interactionFields(world, message),
  };
}

function interactionFields(world: World, message: MessageRecord) {
  const interaction = message.interactionId === null ? undefined : world.interactions.get(message.interactionId);
  if (!interaction) return {};
  return { webhook_id: world.application.id, interaction_metadata: metadata(world, interaction) };
}

function metadata(world: World, interaction: InteractionRecord) {
  return {
    id: interaction.id,
    type: interaction.type,
    user: apiUser(getRecord(world.users, interaction.userId, 'user')),
    authorizing_integration_owners: { 0: interaction.guildId ?? '0' },
    ...(interaction.sourceMessageId !== null && { interacted_message_id: interaction.sourceMessageId }),
  };
}
