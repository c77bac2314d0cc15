import type { Interaction } from 'discord.js';
import { hourMs, isFromWrongClock } from '../../domain/values/calendar.ts';
import type { CommandTable, Task } from './command-table.ts';
import type { ComponentCall } from './command-context.ts';
import { decodeCustomId, type Sign } from './custom-id.ts';
import { readOptions } from './read-options.ts';

/** The task and what it is given in addition to its context; or one sentence saying why nothing runs. */
export type Found = { readonly task: Task; readonly call: object } | { readonly problem: string };

/** A command, or the autocomplete of one that is still being typed. */
type CommandLike = Extract<Interaction, { commandName: string }>;

const outdated = 'This is from an older version of me. Run the command again.';

export function findCommand(table: CommandTable, interaction: CommandLike): Found {
  const task = table.tasks.get(commandPath(interaction));
  if (!task) return { problem: describeUnknownCommand(interaction) };
  if (interaction.isUserContextMenuCommand()) return { task, call: { target: interaction.targetUser } };
  if (interaction.isMessageContextMenuCommand()) return { task, call: { target: interaction.targetMessage } };
  if (interaction.isChatInputCommand()) return { task, call: { options: readOptions(interaction.options) } };
  if (!interaction.isAutocomplete()) return { problem: outdated };
  const { name, value } = interaction.options.getFocused(true);
  return { task, call: { options: readOptions(interaction.options), focused: { name, text: value } } };
}

/** Reloading Discord hides a global command that is gone, but not one that another program registered for this guild. */
function describeUnknownCommand({ commandGuildId }: CommandLike): string {
  return commandGuildId === null
    ? 'I do not know this command any more. Reload Discord (Ctrl+R), it will be gone.'
    : 'Another program left this command in this server, and nothing answers it any more. `/setup` offers to remove it.';
}

export function commandPath(interaction: CommandLike): string {
  if (!interaction.isChatInputCommand() && !interaction.isAutocomplete()) return interaction.commandName;
  const { options, commandName } = interaction;
  return [commandName, options.getSubcommandGroup(false), options.getSubcommand(false)].filter(Boolean).join(' ');
}

/** No button is open for longer. One that would be was made by a clock that was ahead. */
const longestLifeMs = hourMs;

/** A problem: a custom id that the bot did not make, another user's, one that is too old, or one without a handler. */
export function findHandler(
  table: CommandTable,
  interaction: Exclude<Interaction, CommandLike>,
  { sign, now }: { readonly sign: Sign; readonly now: Date },
): Found {
  const id = decodeCustomId(interaction.customId, sign);
  if (!id) return { problem: outdated };
  if (id.userId !== null && id.userId !== interaction.user.id) {
    return { problem: `Only <@${id.userId}> can use this.` };
  }
  if (id.until !== null && (now >= id.until || isFromWrongClock(id.until, longestLifeMs, now))) {
    return { problem: 'This was open for a few minutes only. Run the command again.' };
  }
  const task = table.handlers.get(id.handler);
  if (!task) return { problem: outdated };
  const call: ComponentCall = {
    state: id.state,
    values: interaction.isAnySelectMenu() ? interaction.values : [],
    isBot: (userId) => interaction.isUserSelectMenu() && interaction.users.get(userId)?.bot === true,
    messageEmbeds: (interaction.message?.embeds ?? []).map((embed) => embed.toJSON()),
    field: (name) => (interaction.isModalSubmit() ? interaction.fields.getTextInputValue(name).trim() : ''),
  };
  return { task, call };
}
