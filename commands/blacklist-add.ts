import { SlashCommandSubcommandBuilder } from 'discord.js';
import { addBlacklistEntry, blacklistDialog } from '../src/discord/views/add-blacklist-entry.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { countryChoices } from '../src/discord/options/country-choices.ts';
import { suggest, termSuggestions } from '../src/discord/options/suggest.ts';
import { type BlacklistType, blacklistTypes } from '../src/domain/blacklist/blacklist.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';

const descriptions: Readonly<Record<BlacklistType, { readonly command: string; readonly value: string }>> = {
  ip: { command: 'Refuse an IP or a range', value: 'An address, 203.0.113.0/24, or the text a program declares' },
  hwid: { command: 'Refuse a HWID', value: 'The HWID, in any letter case' },
  key: { command: 'Refuse a license key', value: 'The whole key, or the id of its license' },
  user: { command: 'Refuse all licenses of a user', value: 'The owner' },
  country: { command: 'Refuse checks from a country', value: 'Its name or ISO code' },
};

/** One subcommand a type; the first one carries the handler that they share. */
export const blacklistAdd: readonly Subcommand[] = blacklistTypes.map((type, index) => ({
  definition: definitionOf(type),
  access: 'blacklist',
  reply: 'private',
  autocomplete: ({ focused: { name, text } }) =>
    Promise.resolve(name === 'duration' ? suggest([...termSuggestions, 'never'], text) : countryChoices(text)),
  run: ({ options, ...context }) => {
    return addBlacklistEntry(context, {
      type,
      value: options.text(type) ?? '',
      reason: options.text('reason'),
      for: options.text('duration') ?? undefined,
    });
  },
  components: index === 0 ? blacklistDialog.components : {},
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
