import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { AutocompleteCall, Choice, GuildContext } from '../src/discord/framework/command-context.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { machineChoices, parseResetTarget } from '../src/discord/options/machine-ref.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import { count, listWords } from '../src/discord/texts/phrases.ts';
import { undoButton } from '../src/discord/framework/undo.ts';
import { bindingKinds } from '../src/domain/limits.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { ResetDone } from '../src/services/licenses/license-service.ts';

export const licenseReset: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('reset')
    .setDescription('Forget machines of a license, so that others can take their places')
    .addStringOption(licenseOption)
    .addStringOption((option) =>
      option
        .setName('what')
        .setDescription('All machines, one kind, or one of them')
        .setRequired(true)
        .setAutocomplete(true)
        .setMaxLength(1024),
    )
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.reset',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    return name === 'what' ? whatChoices(context) : licenseChoices(context, text);
  },
  run: async (context) => {
    const { options, services, guildId } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const licenseId = found.value.id;
    const view = await services.licenses.view(guildId, licenseId);
    if (!view.ok) return describeCommandError(view.error);
    const what = parseResetTarget(options.text('what') ?? '', view.value.bindings);
    if (what === null) return describeCommandError({ code: 'binding-not-found' });
    const notification = notificationFrom(options);
    const done = await services.licenses.reset({ ...context.by, ...notification, licenseId, what });
    if (!done.ok) return describeCommandError(done.error);
    const { at, released, effectIds } = done.value;
    const state = [licenseId, at.getTime().toString(36), notification.silent ? 1 : 0];
    const undo = undoButton(context, 'license-reset-undo', state);
    const isUndoable = bindingKinds.some((kind) => released[kind] > 0);
    return changeReply(context, effectIds, describeReset(done.value), { buttons: isUndoable ? [undo] : [] });
  },
  components: {
    'license-reset-undo': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const [id, at = '', silent] = context.state;
        const reset = { licenseId: Number(id), at: new Date(Number.parseInt(at, 36)) };
        // An owner who was notified of the reset is notified of its undoing, too.
        const done = await context.services.licenses.undoReset({ ...context.by, ...reset, silent: silent === '1' });
        if (!done.ok) return describeCommandError(done.error);
        const lines = [`The machines of ${licenseName(done.value)} that were forgotten count again.`];
        return changeReply(context, done.value.effectIds, { title: 'Reset undone', lines });
      },
    },
  },
};

/** The machines of the license that the option `license` names. */
async function whatChoices(context: GuildContext & AutocompleteCall): Promise<readonly Choice[]> {
  const found = await licenseFrom(context, context.options);
  const view = found.ok ? await context.services.licenses.view(context.guildId, found.value.id) : found;
  return view.ok ? machineChoices(view.value, context.focused.text) : [];
}

export function describeReset(done: ResetDone): Card {
  const { released } = done;
  const kinds = bindingKinds.filter((kind) => released[kind] > 0);
  const what = kinds.map((kind) => count(released[kind], kindWords[kind].one, kindWords[kind].many));
  const happened =
    what.length === 0
      ? 'had no machines to forget.'
      : `has forgotten ${listWords(what)}; the next ones take their places.`;
  return {
    title: 'License reset',
    lines: [
      `${licenseName(done)} ${happened}`,
      ...(done.license.ownerId === null ? [] : ['Its owner can reset it again at once, too.']),
    ],
  };
}
