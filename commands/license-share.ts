import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { describeShared } from '../src/discord/texts/sharing.ts';
import { describeRevealError } from '../src/discord/views/describe-reveal-error.ts';

export const licenseShare: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('share')
    .setDescription('Share a license with one more user, as its owner can')
    .addStringOption(licenseOption)
    .addUserOption((option) => option.setName('user').setDescription('Who gets its roles').setRequired(true))
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.reassign',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const { options, services, by } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const helperId = options.userId('user') ?? '';
    if (options.user('user')?.bot === true) return 'A license cannot be shared with a bot.';
    const done = await services.licenses.share({
      ...by,
      ...notificationFrom(options),
      licenseId: found.value.id,
      helperId,
      mayReveal: context.missing('license.reveal') === null,
    });
    if (!done.ok) return describeRevealError(context, done.error);
    return changeReply(context, done.value.effectIds, describeShared(done.value, helperId, true));
  },
};
