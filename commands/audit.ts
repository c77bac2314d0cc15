import { SlashCommandBuilder } from 'discord.js';
import { auditPage, auditPageHandler, historyHandler } from '../src/discord/views/audit-page.ts';
import { undoStep, undoStepHandler } from '../src/discord/views/undo-step.ts';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { readFilters } from '../src/discord/framework/filters.ts';
import { decodePosition, firstPage } from '../src/discord/framework/pages.ts';
import { sinceFrom, sinceOption } from '../src/discord/options/attempt-options.ts';
import { actionChoices, actionFrom } from '../src/discord/options/audit-options.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { sinceSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const audit: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('audit')
    .setDescription('Who changed what')
    .addUserOption((option) => option.setName('person').setDescription('Only changes by this person'))
    .addStringOption((option) => licenseOption(option).setRequired(false))
    .addStringOption((option) =>
      option.setName('action').setDescription('Only changes of this kind').setAutocomplete(true).setMaxLength(100),
    )
    .addStringOption(sinceOption),
  access: 'logs',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    if (name === 'since') return suggest(sinceSuggestions, text);
    return name === 'action' ? actionChoices(text) : licenseChoices(context, text);
  },
  run: async (context) => {
    const { options, now } = context;
    const since = sinceFrom(options.text('since'), now);
    if (!since.ok) return describeCommandError(since.error);
    const action = actionFrom(options.text('action'));
    if (!action.ok) return describeCommandError(action.error);
    const license = options.text('license') === null ? null : await licenseFrom(context, options);
    if (license && !license.ok) return describeCommandError(license.error);
    const filters = {
      person: options.user('person')?.id ?? null,
      license: license && String(license.value.id),
      action: action.value,
      since: since.value,
    };
    return auditPage(context, filters, firstPage);
  },
  components: {
    [undoStepHandler]: { reply: 'private', run: undoStep },
    [historyHandler]: {
      reply: 'private',
      run: (context) => auditPage(context, { license: context.state[0] ?? '' }, firstPage),
    },
    [auditPageHandler]: {
      reply: 'update',
      run: (context) => auditPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};
