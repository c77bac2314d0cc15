import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { liftHold, liftHoldHandlers } from '../src/discord/views/lift-hold.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const licenseResume: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('resume')
    .setDescription('Accept a suspended license again')
    .addStringOption(licenseOption)
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.suspend',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const found = await licenseFrom(context, context.options);
    if (!found.ok) return describeCommandError(found.error);
    return liftHold(context, found.value, 'staff', notificationFrom(context.options));
  },
  components: liftHoldHandlers,
};
