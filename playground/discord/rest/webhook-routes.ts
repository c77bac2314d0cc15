import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import { checkMessage } from '../validate/check-message.ts';
import { apiMessage, changeMessage, removeMessage } from '../world/message-changes.ts';
import type { InteractionRecord, MessageRecord } from '../world/model.ts';
import { findMessage, getRecord } from '../world/world.ts';
import { discordError } from './errors.ts';
import { addReply, interactionTokenLifetimeMs } from './interaction-routes.ts';
import { messageContent, rulesBefore } from './message-content.ts';
import { bodyOf, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

const messagePath = '/webhooks/:webhook/:token/messages/:message';

/** The requests that an application can send with the token of an interaction after its first answer. */
export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/webhooks/:webhook/:token', auth: 'none', handle: followUp },
  { method: 'GET', path: messagePath, auth: 'none', handle: getMessage },
  { method: 'PATCH', path: messagePath, auth: 'none', handle: editMessage },
  { method: 'DELETE', path: messagePath, auth: 'none', handle: deleteMessage },
];

function interactionOf({ world, params }: RestRequest): InteractionRecord {
  const interaction = [...world.interactions.values()].find(({ token }) => token === params.token);
  if (!interaction || params.webhook !== world.application.id) throw discordError('unknownWebhook');
  if (world.now() - interaction.createdAtMs > interactionTokenLifetimeMs) throw discordError('invalidWebhookToken');
  // Discord creates the webhook with the first answer.
  if (interaction.state !== 'answered') throw discordError('unknownWebhook');
  return interaction;
}

function messageOf(request: RestRequest, interaction: InteractionRecord): MessageRecord {
  const id = request.params.message === '@original' ? interaction.originalId : request.params.message;
  const message = id === null || id === undefined ? undefined : findMessage(request.world, id);
  const isOwn = message && (message.interactionId === interaction.id || message.id === interaction.originalId);
  if (!isOwn) throw discordError('unknownMessage');
  return message;
}

function followUp(request: RestRequest): RestResponse {
  const { world, query } = request;
  const interaction = interactionOf(request);
  const original = interaction.originalId === null ? undefined : findMessage(world, interaction.originalId);
  const isDeferred = interaction.callbackType === InteractionResponseType.DeferredChannelMessageWithSource;
  // The first follow-up after a deferral becomes the deferred answer, which stays ephemeral or public as it was deferred.
  if (isDeferred && original && original.flags & MessageFlags.Loading) return ok(edit(request, interaction, original));
  const body = bodyOf(request);
  checkMessage(body, { newFileNames: request.files.map(({ name }) => name) });
  const message = addReply(request, interaction, body);
  interaction.followUpIds.push(message.id);
  interaction.finished = true;
  world.changed();
  return query.get('wait') === 'false' ? noContent : ok(apiMessage(world, message, true));
}

function getMessage(request: RestRequest): RestResponse {
  return ok(apiMessage(request.world, messageOf(request, interactionOf(request)), true));
}

function editMessage(request: RestRequest): RestResponse {
  const interaction = interactionOf(request);
  return ok(edit(request, interaction, messageOf(request, interaction)));
}

function edit(request: RestRequest, interaction: InteractionRecord, message: MessageRecord): object {
  const { world, files } = request;
  const body = bodyOf(request);
  checkMessage(body, { before: rulesBefore(message), newFileNames: files.map(({ name }) => name) });
  const channel = getRecord(world.channels, message.channelId, 'channel');
  const content = messageContent(world, channel, body, files, message);
  if (message.id === interaction.originalId) interaction.finished = true;
  changeMessage(world, message, content);
  return apiMessage(world, message, true);
}

function deleteMessage(request: RestRequest): RestResponse {
  const interaction = interactionOf(request);
  const message = messageOf(request, interaction);
  if (message.id === interaction.originalId) interaction.finished = true;
  removeMessage(request.world, message);
  return noContent;
}
