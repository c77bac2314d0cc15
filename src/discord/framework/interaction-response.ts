import { type Message, MessageFlags, type RepliableInteraction } from 'discord.js';
import type { Post, Reply } from './reply.ts';
import type { Task } from './command-table.ts';
import { type PlainMessage, toMessage, withPostButton } from './message.ts';

/** How one interaction is answered. Discord fixes at the first response whether others see it. */
export interface InteractionResponse {
  /** The first response: "thinking", or nothing visible where the message that has the button will change or stay. */
  defer(): Promise<void>;
  /** Sends one sentence to this user only, and leaves the message that has the button as it is. */
  sendPrivately(sentence: string): Promise<void>;
  /** Sends what the handler returned, after `defer`. */
  send(reply: Reply | Post | string): Promise<void>;
  /** Edits in what the reply could not say at once, unless its buttons have changed the message since. */
  complete(reply: Reply | Post | string): Promise<void>;
}

export function createInteractionResponse(
  interaction: RepliableInteraction,
  visibility: Task['reply'],
  /** null: no reply gets *Post here*. */
  postButtonId: (() => string) | null,
): InteractionResponse {
  const isPost = visibility === 'post';
  const source = visibility === 'update' || isPost ? withMessage(interaction) : null;
  const isPrivate = visibility !== 'public';
  const privately = { flags: MessageFlags.Ephemeral } as const;
  let sentMessage: Message | undefined;

  function toShown(reply: Reply | string): PlainMessage {
    const message = toMessage(reply);
    const isPostable = typeof reply !== 'string' && reply.postable === true;
    return isPostable && isPrivate && postButtonId ? withPost(message, postButtonId()) : message;
  }

  async function sendPrivately(sentence: string): Promise<void> {
    const message = toMessage(sentence);
    if (!interaction.deferred) await interaction.reply({ ...message, ...privately });
    else if (source) await interaction.followUp({ ...message, ...privately });
    else await interaction.editReply(message);
  }

  return {
    async defer() {
      if (source) await source.deferUpdate();
      else await interaction.deferReply(isPrivate ? privately : {});
    },
    sendPrivately,
    async send(reply) {
      if (isPost) {
        // A follow-up of a press is a new message. What becomes of a deferred reply is an edit, which notifies no user.
        if (typeof reply === 'string') await sendPrivately(reply);
        else await interaction.followUp(toMessage(reply));
        return;
      }
      // Without `attachments`, an edited message would keep its old files.
      sentMessage = await interaction.editReply({ ...toShown(reply), ...(source && { attachments: [] }) });
      const more = typeof reply === 'string' || !('more' in reply) ? [] : (reply.more ?? []);
      for (const next of more) await interaction.followUp({ ...toMessage(next), ...(isPrivate && privately) });
    },
    async complete(reply) {
      if (typeof reply === 'string' || !('later' in reply)) return;
      const { content, embeds, components } = toShown({ ...reply, ...(await reply.later()) });
      const { editedTimestamp } = await interaction.fetchReply();
      const isUntouched = editedTimestamp === sentMessage?.editedTimestamp;
      if (isUntouched) await interaction.editReply({ content, embeds, components });
    },
  };
}

function withPost(message: PlainMessage, customId: string): PlainMessage {
  return { ...message, components: withPostButton(message.components, customId) };
}

/** A modal that a command opened has no message to change. */
function withMessage(interaction: RepliableInteraction) {
  if (interaction.isMessageComponent()) return interaction;
  return interaction.isModalSubmit() && interaction.isFromMessage() ? interaction : null;
}
