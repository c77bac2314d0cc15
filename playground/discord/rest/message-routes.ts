import {
  ChannelType,
  MessageReferenceType,
  MessageType,
  PermissionFlagsBits,
  type APIMessageReference,
} from 'discord-api-types/v10';
import { isObject, type Json } from '../validate/check-fields.ts';
import { checkMessage } from '../validate/check-message.ts';
import { invalid } from '../validate/problems.ts';
import { addMessage, apiMessage, changeMessage, removeMessage } from '../world/message-changes.ts';
import type { ChannelRecord, MessageRecord } from '../world/model.ts';
import { findBotMember, findChannelMessages, type World } from '../world/world.ts';
import { botChannelPermissions, requireChannel } from './access.ts';
import { discordError } from './errors.ts';
import { messageContent, nonceOf, rulesBefore } from './message-content.ts';
import { bodyOf, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

/** How long a nonce is remembered for `enforce_nonce`. Discord documents only "the past few minutes". */
const nonceMemoryMs = 5 * 60_000;

export const messageRoutes: readonly Route[] = [
  { method: 'GET', path: '/channels/:channel/messages', auth: 'bot', handle: listMessages },
  { method: 'POST', path: '/channels/:channel/messages', auth: 'bot', handle: createMessage },
  { method: 'GET', path: '/channels/:channel/messages/:message', auth: 'bot', handle: getMessage },
  { method: 'PATCH', path: '/channels/:channel/messages/:message', auth: 'bot', handle: editMessage },
  { method: 'DELETE', path: '/channels/:channel/messages/:message', auth: 'bot', handle: deleteMessage },
  {
    method: 'POST',
    path: '/channels/:channel/typing',
    auth: 'bot',
    handle: ({ world, params }) => {
      requireChannel(world, params.channel ?? '', PermissionFlagsBits.SendMessages);
      return noContent;
    },
  },
];

function createMessage(request: RestRequest): RestResponse {
  const { world, params, files } = request;
  const body = bodyOf(request);
  const channel = requireChannel(world, params.channel ?? '', PermissionFlagsBits.SendMessages);
  if (channel.type === ChannelType.GuildCategory) {
    throw invalid(['channel_id'], 'CHANNEL_TYPE_INVALID', 'Messages cannot be sent in this channel');
  }
  requireContentPermissions(world, channel, body, files.length > 0);
  if (channel.recipientId !== null) requireOpenDm(world, channel.recipientId);
  checkMessage(body, { newFileNames: files.map(({ name }) => name) });
  const nonce = nonceOf(body);
  if (nonce !== null && body.enforce_nonce === true) {
    const twin = findRecentByNonce(world, nonce);
    if (twin) return ok(apiMessage(world, twin, true));
  }
  const reference = referenceOf(world, channel, body);
  const content = messageContent(world, channel, body, files);
  const message = addMessage(world, {
    ...content,
    // Discord ignores the ephemeral flag here: only answers to interactions can be ephemeral.
    flags: content.flags & ~64,
    channelId: channel.id,
    authorId: world.application.botId,
    type: reference ? MessageType.Reply : MessageType.Default,
    nonce,
    reference,
  });
  return ok(apiMessage(world, message, true));
}

function findRecentByNonce(world: World, nonce: string): MessageRecord | undefined {
  const since = world.now() - nonceMemoryMs;
  return [...world.messages.values()]
    .flat()
    .find((one) => one.nonce === nonce && one.authorId === world.application.botId && one.createdAtMs >= since);
}

function requireContentPermissions(world: World, channel: ChannelRecord, body: Json, hasFiles: boolean): void {
  const mine = botChannelPermissions(world, channel);
  const { embeds } = body;
  const hasEmbeds = Array.isArray(embeds) && embeds.length > 0;
  if (hasEmbeds && !(mine & PermissionFlagsBits.EmbedLinks)) throw discordError('missingPermissions');
  if (hasFiles && !(mine & PermissionFlagsBits.AttachFiles)) throw discordError('missingPermissions');
}

/** Throws if the user cannot be reached. Opening the DM channel always succeeds; only sending to it reveals this. */
function requireOpenDm(world: World, userId: string): void {
  const user = world.users.get(userId);
  const shared = [...world.guilds.values()].some((guild) => findBotMember(world, guild) && guild.members.has(userId));
  if (!shared) throw discordError('noMutualGuild');
  if (!user?.dmsOpen) throw discordError('dmsClosed');
}

function referenceOf(world: World, channel: ChannelRecord, body: Json): APIMessageReference | null {
  const given = body.message_reference;
  if (!isObject(given)) return null;
  const target = findChannelMessages(world, channel.id).find(({ id }) => id === given.message_id);
  if (target?.ephemeralFor !== null) {
    if (given.fail_if_not_exists === false) return null;
    throw invalid(['message_reference'], 'MESSAGE_REFERENCE_UNKNOWN_MESSAGE', 'Unknown message');
  }
  return {
    type: MessageReferenceType.Default,
    channel_id: channel.id,
    message_id: target.id,
    ...(channel.guildId && { guild_id: channel.guildId }),
  };
}

/** The message of a channel; throws 10008 for ephemeral ones, which only the webhook of their interaction can access. */
function messageFor(request: RestRequest, channel: ChannelRecord): MessageRecord {
  const message = findChannelMessages(request.world, channel.id).find(({ id }) => id === request.params.message);
  if (message?.ephemeralFor !== null) throw discordError('unknownMessage');
  return message;
}

function listMessages({ world, params, query }: RestRequest): RestResponse {
  const channel = requireChannel(world, params.channel ?? '');
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) {
    throw invalid(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  }
  if (!(botChannelPermissions(world, channel) & PermissionFlagsBits.ReadMessageHistory)) return ok([]);
  const [before, after] = [query.get('before'), query.get('after')].map((id) => (id === null ? null : BigInt(id)));
  const visible = findChannelMessages(world, channel.id).filter(({ id, ephemeralFor }) => {
    const number = BigInt(id);
    return ephemeralFor === null && (!before || number < before) && (!after || number > after);
  });
  const page = after ? visible.slice(0, limit) : visible.slice(-limit);
  return ok(page.toReversed().map((message) => apiMessage(world, message, world.application.messageContentIntent)));
}

function getMessage(request: RestRequest): RestResponse {
  const { world, params } = request;
  const channel = requireChannel(world, params.channel ?? '', PermissionFlagsBits.ReadMessageHistory);
  return ok(apiMessage(world, messageFor(request, channel), world.application.messageContentIntent));
}

function editMessage(request: RestRequest): RestResponse {
  const { world, params, files } = request;
  const body = bodyOf(request);
  const channel = requireChannel(world, params.channel ?? '');
  const message = messageFor(request, channel);
  if (message.authorId !== world.application.botId) throw discordError('notYourMessage');
  requireContentPermissions(world, channel, body, files.length > 0);
  checkMessage(body, { before: rulesBefore(message), newFileNames: files.map(({ name }) => name) });
  changeMessage(world, message, messageContent(world, channel, body, files, message));
  return ok(apiMessage(world, message, true));
}

function deleteMessage(request: RestRequest): RestResponse {
  const { world, params } = request;
  const channel = requireChannel(world, params.channel ?? '');
  const message = messageFor(request, channel);
  if (message.authorId !== world.application.botId) {
    if (channel.recipientId !== null) throw discordError('notInDm');
    if (!(botChannelPermissions(world, channel) & PermissionFlagsBits.ManageMessages))
      throw discordError('missingPermissions');
  }
  removeMessage(world, message);
  return noContent;
}
