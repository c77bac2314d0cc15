import { InteractionResponseType, MessageFlags } from 'discord-api-types/v10';
import { checkMessage } from '../validate/message.ts';
import { apiMessage, changeMessage, removeMessage } from '../world/messages.ts';
import type { InteractionRecord, MessageRecord } from '../world/model.ts';
import { findMessage, getRecord } from '../world/world.ts';
import { discordError } from './errors.ts';
import { addReply, tokenLifeMs } from './interactions.ts';
import { messageContent, rulesBefore } from './message-content.ts';
import { bodyOf, noContent, ok, type Answer, type Call, type Route } from './route.ts';

const messagePath = '/webhooks/:webhook/:token/messages/:message';

/** The requests that an application can send with the token of an interaction after its first answer. */
export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/webhooks/:webhook/:token', auth: 'none', handle: followUp },
  { method: 'GET', path: messagePath, auth: 'none', handle: getMessage },
  { method: 'PATCH', path: messagePath, auth: 'none', handle: editMessage },
  { method: 'DELETE', path: messagePath, auth: 'none', handle: deleteMessage },
];

function interactionOf({ world, params }: Call): InteractionRecord {
  const interaction = [...world.interactions.values()].find(({ token }) => token === params.token);
  if (!interaction || params.webhook !== world.application.id) throw discordError('unknownWebhook');
  if (world.now() - interaction.createdAtMs > tokenLifeMs) throw discordError('invalidWebhookToken');
  // Discord creates the webhook with the first answer.
  if (interaction.state !== 'answered') throw discordError('unknownWebhook');
  return interaction;
}

function messageOf(call: Call, interaction: InteractionRecord): MessageRecord {
  const id = call.params.message === '@original' ? interaction.originalId : call.params.message;
  const message = id === null || id === undefined ? undefined : findMessage(call.world, id);
  const isOwn = message && (message.interactionId === interaction.id || message.id === interaction.originalId);
  if (!isOwn) throw discordError('unknownMessage');
  return message;
}

function followUp(call: Call): Answer {
  const { world, query } = call;
  const interaction = interactionOf(call);
  const original = interaction.originalId === null ? undefined : findMessage(world, interaction.originalId);
  const isDeferred = interaction.callbackType === InteractionResponseType.DeferredChannelMessageWithSource;
  // The first follow-up after a deferral becomes the deferred answer, which stays ephemeral or public as it was deferred.
  if (isDeferred && original && original.flags & MessageFlags.Loading) return ok(edit(call, interaction, original));
  const body = bodyOf(call);
  checkMessage(body, { newFileNames: call.files.map(({ name }) => name) });
  const message = addReply(call, interaction, body);
  interaction.followUpIds.push(message.id);
  interaction.finished = true;
  world.changed();
  return query.get('wait') === 'false' ? noContent : ok(apiMessage(world, message, true));
}

function getMessage(call: Call): Answer {
  return ok(apiMessage(call.world, messageOf(call, interactionOf(call)), true));
}

function editMessage(call: Call): Answer {
  const interaction = interactionOf(call);
  return ok(edit(call, interaction, messageOf(call, interaction)));
}

function edit(call: Call, interaction: InteractionRecord, message: MessageRecord): object {
  const { world, files } = call;
  const body = bodyOf(call);
  checkMessage(body, { before: rulesBefore(message), newFileNames: files.map(({ name }) => name) });
  const channel = getRecord(world.channels, message.channelId, 'channel');
  const content = messageContent(world, channel, body, files, message);
  if (message.id === interaction.originalId) interaction.finished = true;
  changeMessage(world, message, content);
  return apiMessage(world, message, true);
}

function deleteMessage(call: Call): Answer {
  const interaction = interactionOf(call);
  const message = messageOf(call, interaction);
  if (message.id === interaction.originalId) interaction.finished = true;
  removeMessage(call.world, message);
  return noContent;
}
