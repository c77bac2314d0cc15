import { SlashCommandSubcommandBuilder } from 'discord.js';
import { addBlacklistEntry, blacklistInputSchema } from '../src/discord/views/add-blacklist-entry.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { createDialog } from '../src/discord/framework/dialog.ts';
import { countryChoices, countryFrom } from '../src/discord/options/country-choices.ts';
import { suggest, termSuggestions } from '../src/discord/options/suggest.ts';
import { describeImpact } from '../src/discord/texts/blacklist.ts';
import { codeText } from '../src/discord/texts/escape-text.ts';
import { type BlacklistType, blacklistTypes } from '../src/domain/blacklist.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';

const descriptions: Readonly<Record<BlacklistType, { readonly command: string; readonly value: string }>> = {
  ip: { command: 'Refuse an IP or a range', value: 'An address, 203.0.113.0/24, or the text a program declares' },
  hwid: { command: 'Refuse a HWID', value: 'The HWID, in any letter case' },
  key: { command: 'Refuse a license key', value: 'The whole key' },
  user: { command: 'Refuse all licenses of a user', value: 'The owner' },
  country: { command: 'Refuse checks from a country', value: 'Its name or ISO code' },
};

/** An IP or HWID that several licenses use may belong to a host or a school instead of one person. */
const dialog = createDialog({
  handler: 'blacklist-add-go',
  input: blacklistInputSchema,
  question: async ({ services, guildId }, { type, value }) => {
    if (type !== 'ip' && type !== 'hwid') return null;
    const impact = await services.blacklist.preview(guildId, type, value);
    if (!impact.ok) return describeCommandError(impact.error);
    if ((impact.value.licenses ?? 0) < 2) return null;
    return {
      title: `Blacklist a shared ${type === 'ip' ? 'IP' : 'HWID'}?`,
      lines: [codeText(value, 200), describeImpact(impact.value), 'All of them are refused from the next check on.'],
      label: 'Blacklist it',
    };
  },
  run: addBlacklistEntry,
});

/** One subcommand a type; the first one carries the handler that they share. */
export const blacklistAdd: readonly Subcommand[] = blacklistTypes.map((type, index) => ({
  definition: definitionOf(type),
  access: 'blacklist',
  reply: 'private',
  autocomplete: ({ focused: { name, text } }) =>
    Promise.resolve(name === 'duration' ? suggest([...termSuggestions, 'never'], text) : countryChoices(text)),
  run: ({ options, ...context }) => {
    const typed = options.text(type) ?? '';
    return dialog.start(context, {
      type,
      value: type === 'country' ? countryFrom(typed) : typed,
      reason: options.text('reason'),
      for: options.text('duration') ?? undefined,
    });
  },
  components: index === 0 ? dialog.components : {},
}));

function definitionOf(type: BlacklistType): SlashCommandSubcommandBuilder {
  const { command, value } = descriptions[type];
  const definition = new SlashCommandSubcommandBuilder().setName(type).setDescription(command);
  if (type === 'user') {
    definition.addUserOption((option) => option.setName(type).setDescription(value).setRequired(true));
  } else {
    definition.addStringOption((option) =>
      option
        .setName(type)
        .setDescription(value)
        .setRequired(true)
        .setMaxLength(type === 'key' ? 300 : 1024)
        .setAutocomplete(type === 'country'),
    );
  }
  definition.addStringOption((option) =>
    option.setName('reason').setDescription('For staff').setMaxLength(fieldLimits.reason),
  );
  return definition.addStringOption((option) =>
    option
      .setName('duration')
      .setDescription(`7d, 2027-01-31 or never; left out: ${type === 'ip' ? '30 days' : 'never'}`)
      .setMaxLength(50)
      .setAutocomplete(true),
  );
}
