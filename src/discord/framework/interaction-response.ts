import { MessageFlags, type RepliableInteraction } from 'discord.js';
import type { Reply } from './reply.ts';
import type { Task } from './command-table.ts';
import { type PlainMessage, toMessage, withPostButton } from './message.ts';

/** How one interaction is answered. Discord fixes at the first response whether others see it. */
export interface InteractionResponse {
  /** The first response: "thinking", or nothing visible where the message that has the button will change. */
  defer(): Promise<void>;
  /** Sends one sentence to this user only, and leaves the message that has the button as it is. */
  sendPrivately(sentence: string): Promise<void>;
  /** Sends the reply, after `defer`. */
  send(reply: Reply | string): Promise<void>;
}

export function createInteractionResponse(
  interaction: RepliableInteraction,
  visibility: Task['reply'],
  /** null: no reply gets *Post here*. */
  postButtonId: (() => string) | null,
): InteractionResponse {
  const updatable = visibility === 'update' ? withMessage(interaction) : null;
  const isPrivate = visibility !== 'public';
  const privately = { flags: MessageFlags.Ephemeral } as const;

  return {
    async defer() {
      if (updatable) await updatable.deferUpdate();
      else await interaction.deferReply(isPrivate ? privately : {});
    },
    async sendPrivately(sentence) {
      const message = toMessage(sentence);
      if (!interaction.deferred) await interaction.reply({ ...message, ...privately });
      else if (updatable) await interaction.followUp({ ...message, ...privately });
      else await interaction.editReply(message);
    },
    async send(reply) {
      const { more = [], postable = false } = typeof reply === 'string' ? {} : reply;
      const message = toMessage(reply);
      const shown = postable && isPrivate && postButtonId ? withPost(message, postButtonId()) : message;
      // Without `attachments`, an edited message would keep its old files.
      await interaction.editReply({ ...shown, ...(updatable && { attachments: [] }) });
      for (const next of more) await interaction.followUp({ ...toMessage(next), ...(isPrivate && privately) });
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
