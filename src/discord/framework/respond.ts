import { type AutocompleteInteraction, type Interaction, MessageFlags } from 'discord.js';
import type { Reply } from './reply.ts';
import type { Task } from './command-table.ts';
import { type PlainMessage, toMessage, withPostButton } from './message.ts';

export type Answerable = Exclude<Interaction, AutocompleteInteraction>;

/** One interaction's answers. What was deferred as private stays private: Discord fixes that at the first answer. */
export interface Response {
  /** The first answer: "thinking", or nothing where the message with the button will change. */
  defer(): Promise<void>;
  /** One sentence for this person only; leaves the message with the button as it is. */
  refuse(sentence: string): Promise<void>;
  /** The answer, after `defer`. */
  answer(answer: Reply | string): Promise<void>;
}

export function createResponse(
  interaction: Answerable,
  reply: Task['reply'],
  /** null: no *Post here* anywhere. */
  postButtonId: (() => string) | null,
): Response {
  const updatable = reply === 'update' ? withMessage(interaction) : null;
  const isPrivate = reply !== 'public';
  const privately = { flags: MessageFlags.Ephemeral } as const;

  return {
    async defer() {
      if (updatable) await updatable.deferUpdate();
      else await interaction.deferReply(isPrivate ? privately : {});
    },
    async refuse(sentence) {
      const message = toMessage(sentence);
      if (!interaction.deferred) await interaction.reply({ ...message, ...privately });
      else if (updatable) await interaction.followUp({ ...message, ...privately });
      else await interaction.editReply(message);
    },
    async answer(answer) {
      const { more = [], postable = false } = typeof answer === 'string' ? {} : answer;
      const message = toMessage(answer);
      const shown = postable && isPrivate && postButtonId ? withPost(message, postButtonId()) : message;
      // An edit keeps the old message's files unless told otherwise.
      await interaction.editReply({ ...shown, ...(updatable && { attachments: [] }) });
      for (const next of more) await interaction.followUp({ ...toMessage(next), ...(isPrivate && privately) });
    },
  };
}

function withPost(message: PlainMessage, customId: string): PlainMessage {
  return { ...message, components: withPostButton(message.components, customId) };
}

/** A modal that a command opened has no message to change. */
function withMessage(interaction: Answerable) {
  if (interaction.isMessageComponent()) return interaction;
  return interaction.isModalSubmit() && interaction.isFromMessage() ? interaction : null;
}
