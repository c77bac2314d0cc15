import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { addEntry, type BlacklistInput } from '../src/discord/views/add-blacklist-entry.ts';
import type { ComponentHandler, Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { GuildContext } from '../src/discord/framework/context.ts';
import { countryChoices, countryFrom } from '../src/discord/options/country-choices.ts';
import { suggest, termSuggestions } from '../src/discord/options/suggest.ts';
import { describeImpact } from '../src/discord/texts/blacklist.ts';
import { codeText } from '../src/discord/texts/escape-text.ts';
import type { BlacklistType } from '../src/domain/blacklist.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/field-limits.ts';

const descriptions: Readonly<Record<BlacklistType, { readonly command: string; readonly value: string }>> = {
  ip: { command: 'Refuse an IP or a range', value: 'An address, 203.0.113.0/24, or the text a program declares' },
  hwid: { command: 'Refuse a HWID', value: 'The HWID, in any letter case' },
  key: { command: 'Refuse a license key', value: 'The whole key' },
  user: { command: 'Refuse all licenses of a user', value: 'The owner' },
  country: { command: 'Refuse checks from a country', value: 'Its name or ISO code' },
};

const components: Readonly<Record<string, ComponentHandler<GuildContext>>> = {
  'blacklist-add-go': {
    reply: 'update',
    once: true,
    run: async (context) => {
      const wish = (await context.savedState(context.state[0] ?? '')) as BlacklistInput | null;
      return wish ? addEntry(context, wish) : 'This question is too old. Run the command again.';
    },
  },
};

export const blacklistAdd: readonly Subcommand[] = [
  adding('ip', components),
  adding('hwid'),
  adding('key'),
  adding('user'),
  adding('country'),
];

function adding(type: BlacklistType, own: typeof components = {}): Subcommand {
  return {
    definition: definitionOf(type),
    access: 'blacklist',
    reply: 'private',
    autocomplete: ({ focused: { name, text } }) =>
      Promise.resolve(name === 'duration' ? suggest([...termSuggestions, 'never'], text) : countryChoices(text)),
    run: ({ options, ...context }) => {
      const typed = options.text(type) ?? '';
      const value = type === 'country' ? countryFrom(typed) : typed;
      return askOrAdd(context, {
        type,
        value,
        reason: options.text('reason'),
        for: options.text('duration') ?? undefined,
      });
    },
    components: own,
  };
}

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

/** An IP or HWID of several licenses may be that of a host or a school instead of one person's. */
async function askOrAdd(context: GuildContext, wish: BlacklistInput): Promise<Reply | string> {
  if (wish.type !== 'ip' && wish.type !== 'hwid') return addEntry(context, wish);
  const impact = await context.services.blacklist.preview(context.guildId, wish.type, wish.value);
  if (!impact.ok) return describeCommandError(impact.error);
  if ((impact.value.licenses ?? 0) < 2) return addEntry(context, wish);
  return askFirst(context, {
    title: `Blacklist a shared ${wish.type === 'ip' ? 'IP' : 'HWID'}?`,
    lines: [codeText(wish.value, 200), describeImpact(impact.value), 'All of them are refused from the next check on.'],
    label: 'Blacklist it',
    handler: 'blacklist-add-go',
    state: [await context.saveState(wish)],
  });
}
