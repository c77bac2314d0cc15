import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { deletedLicenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const licenseRestore: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('restore')
    .setDescription('Bring back a license that was deleted in the last 30 days')
    .addStringOption(licenseOption)
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.delete',
  reply: 'private',
  autocomplete: (context) => deletedLicenseChoices(context, context.focused.text),
  run: async (context) => {
    const found = await licenseFrom(context, context.options);
    if (!found.ok) return describeCommandError(found.error);
    const input = { ...context.by, ...notificationFrom(context.options), licenseId: found.value.id };
    const done = await context.services.licenses.restore(input);
    if (!done.ok) return describeCommandError(done.error);
    const lines = [`${licenseName(done.value)} is back, with its key and its machines.`];
    return changeReply(context, done.value.effectIds, { title: 'License restored', lines });
  },
};
