import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { suggest, termSuggestions } from '../src/discord/options/suggest.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { describeExpiry } from '../src/discord/texts/direct-message.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';

export const licenseExtend: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('extend')
    .setDescription('Run a license longer: from its end, or from now if that has passed')
    .addStringOption(licenseOption)
    .addStringOption((option) =>
      option
        .setName('term')
        .setDescription('How much longer: 30d, 2w, 6mo, 1y')
        .setRequired(true)
        .setAutocomplete(true)
        .setMaxLength(50),
    )
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.edit',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    return name === 'term' ? suggest(termSuggestions, text) : licenseChoices(context, text);
  },
  run: async (context) => {
    const { options, by, services } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const term = options.text('term') ?? '';
    const done = await services.licenses.extend({
      ...by,
      ...notificationFrom(options),
      licenseId: found.value.id,
      term,
    });
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeExtended(done.value));
  },
};

export function describeExtended(changed: LicenseChanged): Card {
  return {
    title: 'License extended',
    lines: [`${licenseName(changed)} ends later now: ${describeExpiry(changed.license)}.`],
  };
}
