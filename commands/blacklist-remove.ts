import { SlashCommandSubcommandBuilder } from 'discord.js';
import { saveEntryChange, undoEntryChange, undoHandler } from '../src/discord/views/undo-blacklist-entry.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { entriesFrom, entryChoices, entryOption } from '../src/discord/options/blacklist-entry-option.ts';
import { entryName } from '../src/discord/texts/blacklist.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { listWords } from '../src/discord/texts/phrases.ts';
import { undoButton } from '../src/discord/framework/undo.ts';
import type { BlacklistEntry } from '../src/domain/blacklist/blacklist.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const blacklistRemove: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('remove')
    .setDescription('Let something in again')
    .addStringOption(entryOption),
  access: 'blacklist',
  reply: 'private',
  autocomplete: (context) => entryChoices(context, context.focused.text),
  run: async (context) => {
    const { services, by, options } = context;
    const found = await entriesFrom(context, options.text('entry') ?? '');
    if (!found.ok) return describeCommandError(found.error);
    const [one, ...others] = found.value;
    if (!one || others.length > 0) {
      const names = found.value.map(({ id }) => `#${id}`);
      return `Several entries fit: ${listWords(names, 'or')}. Say which one.`;
    }
    const removed = await services.blacklist.remove({ ...by, id: one.id });
    if (!removed.ok) return describeCommandError(removed.error);
    const token = await saveEntryChange(context, { was: removed.value, is: null });
    return changeReply(context, [], describeRemoved(removed.value), {
      buttons: [undoButton(context, undoHandler, [token])],
    });
  },
  components: {
    // `/blacklist add` has an *Undo* button with this handler, too.
    [undoHandler]: {
      reply: 'update',
      once: true,
      run: async (context) => {
        const undone = await undoEntryChange(context, context.state[0] ?? '');
        return undone.ok ? changeReply(context, [], describeUndone(undone.value)) : describeCommandError(undone.error);
      },
    },
  },
};

export function describeRemoved(entry: BlacklistEntry): Card {
  return { title: 'Off the blacklist', lines: [`${entryName(entry)} is let in again from the next check on.`] };
}

export function describeUndone({ is, was }: Parameters<typeof saveEntryChange>[1]): Card {
  const lines = is
    ? [`${entryName(is)} is on the blacklist as it was before.`]
    : was
      ? [`${entryName(was)} is no longer on the blacklist.`]
      : [];
  return { title: 'Undone', lines };
}
