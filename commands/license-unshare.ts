import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { describeShared } from '../src/discord/texts/sharing.ts';

export const licenseUnshare: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('unshare')
    .setDescription('Stop sharing a license with a user')
    .addStringOption(licenseOption)
    .addUserOption((option) => option.setName('user').setDescription('Whom it is shared with').setRequired(true))
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
    const input = { ...by, ...notificationFrom(options), licenseId: found.value.id, helperId };
    const done = await services.licenses.unshare(input);
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeShared(done.value, helperId, false));
  },
};
