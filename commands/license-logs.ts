import { SlashCommandSubcommandBuilder } from 'discord.js';
import { attemptPage } from '../src/discord/views/attempt-page.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { resultOption, sinceFrom, sinceOption } from '../src/discord/options/attempt-options.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { sinceSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { firstPage } from '../src/discord/framework/pages.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const licenseLogs: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('logs')
    .setDescription('Recent attempts with a license')
    .addStringOption(licenseOption)
    .addStringOption(resultOption)
    .addStringOption(sinceOption),
  access: 'logs',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    return name === 'since' ? suggest(sinceSuggestions, text) : licenseChoices(context, text);
  },
  run: async (context) => {
    const { options, now } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const since = sinceFrom(options.text('since'), now);
    if (!since.ok) return describeCommandError(since.error);
    const filters = { license: String(found.value.id), result: options.text('result'), since: since.value };
    return attemptPage(context, filters, firstPage);
  },
};
