import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  InteractionResponseType as Type,
  InteractionType,
  MessageFlags,
  MessageType,
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';
import { checkChoices } from '../validate/check-command.ts';
import { isObject, listField, type Json } from '../validate/check-fields.ts';
import { checkMessage } from '../validate/check-message.ts';
import { checkModal } from '../validate/check-modal.ts';
import { invalid, Problems } from '../validate/problems.ts';
import { addMessage, apiMessage, changeMessage } from '../world/message-changes.ts';
import type { InteractionRecord, MessageRecord } from '../world/model.ts';
import { findMessage, getRecord, type World } from '../world/world.ts';
import { discordError } from './errors.ts';
import { messageContent, rulesBefore } from './message-content.ts';
import { bodyOf, noContent, ok, type RestResponse, type RestRequest, type Route } from './route.ts';

/** How long an application may take for its first answer. */
export const firstAnswerTimeoutMs = 3_000;
/** How long after the interaction its token can be used. */
export const interactionTokenLifetimeMs = 15 * 60_000;

export const interactionRoutes: readonly Route[] = [
  { method: 'POST', path: '/interactions/:interaction/:token/callback', auth: 'none', handle: callback },
];

function callback(request: RestRequest): RestResponse {
  const { world, params, query } = request;
  const interaction = world.interactions.get(params.interaction ?? '');
  if (interaction?.token !== params.token) throw discordError('unknownInteraction');
  if (!interaction) throw discordError('unknownInteraction');
  if (interaction.state === 'answered') throw discordError('alreadyAcknowledged');
  if (interaction.state === 'expired' || world.now() - interaction.createdAtMs > firstAnswerTimeoutMs) {
    throw discordError('unknownInteraction');
  }
  const body = bodyOf(request);
  const allowed = allowedTypes(interaction);
  const type = allowed.find((one) => one === body.type);
  if (type === undefined) {
    throw invalid(['type'], 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`);
  }
  const message = answer(request, interaction, type, isObject(body.data) ? body.data : {});
  Object.assign(interaction, { state: 'answered', callbackType: type, originalId: message?.id ?? null });
  interaction.finished = type !== Type.DeferredChannelMessageWithSource && type !== Type.DeferredMessageUpdate;
  world.changed();
  if (query.get('with_response') !== 'true') return noContent;
  return ok(callbackResponse(world, interaction, message));
}

/**
 * The types of answer that Discord accepts. Types 6 and 7 change the message of a component, and are also accepted for
 * the modal that the component opened. A modal cannot open another modal.
 */
function allowedTypes({ type, sourceMessageId }: InteractionRecord): Type[] {
  if (type === InteractionType.ApplicationCommandAutocomplete) return [Type.ApplicationCommandAutocompleteResult];
  const messages = [Type.ChannelMessageWithSource, Type.DeferredChannelMessageWithSource];
  const updates = sourceMessageId === null ? [] : [Type.DeferredMessageUpdate, Type.UpdateMessage];
  const modal = type === InteractionType.ModalSubmit ? [] : [Type.Modal];
  return [...messages, ...updates, ...modal];
}

/** Carries out the first answer, and returns the message that is `@original` from now on. */
function answer(
  request: RestRequest,
  interaction: InteractionRecord,
  type: Type,
  data: Json,
): MessageRecord | undefined {
  const { world } = request;
  switch (type) {
    case Type.ChannelMessageWithSource:
      checkMessage(data, { path: ['data'], newFileNames: request.files.map(({ name }) => name) });
      return addReply(request, interaction, data);
    case Type.DeferredChannelMessageWithSource: {
      const flags = typeof data.flags === 'number' ? data.flags : 0;
      if ((flags & ~MessageFlags.Ephemeral) !== 0) {
        throw invalid(['data', 'flags'], 'BASE_TYPE_CHOICES', `Value must be one of {0, ${MessageFlags.Ephemeral}}.`);
      }
      return addMessage(world, {
        channelId: interaction.channelId,
        authorId: world.application.botId,
        type: replyType(interaction),
        interactionId: interaction.id,
        flags: flags | MessageFlags.Loading,
        ephemeralFor: flags & MessageFlags.Ephemeral ? interaction.userId : null,
      });
    }
    case Type.DeferredMessageUpdate:
      return sourceOf(world, interaction);
    case Type.UpdateMessage: {
      const source = sourceOf(world, interaction);
      checkMessage(data, {
        path: ['data'],
        before: rulesBefore(source),
        newFileNames: request.files.map(({ name }) => name),
      });
      const channel = getRecord(world.channels, source.channelId, 'channel');
      changeMessage(world, source, messageContent(world, channel, data, request.files, source));
      return source;
    }
    case Type.ApplicationCommandAutocompleteResult:
      interaction.choices = checkedChoices(data);
      return undefined;
    default: {
      const problems = new Problems();
      checkModal(problems, ['data'], data);
      problems.throwIfAny();
      interaction.modal = data as unknown as APIModalInteractionResponseCallbackData;
      return undefined;
    }
  }
}

function checkedChoices(data: Json): APIApplicationCommandOptionChoice[] {
  const problems = new Problems();
  const choices = listField(problems, ['data', 'choices'], data.choices, { max: 25, required: true });
  const isNumeric = choices.some((choice) => isObject(choice) && typeof choice.value === 'number');
  const kind = isNumeric ? ApplicationCommandOptionType.Number : ApplicationCommandOptionType.String;
  checkChoices(problems, ['data', 'choices'], choices, kind);
  problems.throwIfAny();
  return choices as APIApplicationCommandOptionChoice[];
}

function sourceOf(world: World, interaction: InteractionRecord): MessageRecord {
  const source = interaction.sourceMessageId === null ? undefined : findMessage(world, interaction.sourceMessageId);
  if (!source) throw discordError('unknownMessage');
  return source;
}

/** The type of the message that answers: for a command its own type, otherwise a reply to the message of the component. */
function replyType({ type, commandType }: InteractionRecord): MessageType {
  if (type !== InteractionType.ApplicationCommand) return MessageType.Reply;
  return commandType === ApplicationCommandType.ChatInput
    ? MessageType.ChatInputCommand
    : MessageType.ContextMenuCommand;
}

/** Adds a message that answers an interaction; it is ephemeral if its flags say so. */
export function addReply(request: RestRequest, interaction: InteractionRecord, data: Json): MessageRecord {
  const { world } = request;
  const channel = getRecord(world.channels, interaction.channelId, 'channel');
  const content = messageContent(world, channel, data, request.files);
  return addMessage(world, {
    ...content,
    channelId: channel.id,
    authorId: world.application.botId,
    type: replyType(interaction),
    interactionId: interaction.id,
    ephemeralFor: content.flags & MessageFlags.Ephemeral ? interaction.userId : null,
  });
}

function callbackResponse(world: World, interaction: InteractionRecord, message: MessageRecord | undefined): object {
  const type = interaction.callbackType;
  return {
    interaction: {
      id: interaction.id,
      type: interaction.type,
      ...(message && {
        response_message_id: message.id,
        response_message_loading: (message.flags & MessageFlags.Loading) !== 0,
        response_message_ephemeral: message.ephemeralFor !== null,
      }),
    },
    resource: {
      type,
      ...(message && type !== Type.DeferredMessageUpdate && { message: apiMessage(world, message, true) }),
    },
  };
}
