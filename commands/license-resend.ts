import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { describeOwner, licenseName } from '../src/discord/texts/licenses.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';

export const licenseResend: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('resend')
    .setDescription('Send a license’s key to its owner again; you do not see it')
    .addStringOption(licenseOption),
  access: 'license.resend',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const found = await licenseFrom(context, context.options);
    if (!found.ok) return describeCommandError(found.error);
    const done = await context.services.licenses.resend({ ...context.by, licenseId: found.value.id });
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeResent(done.value));
  },
};

export function describeResent(changed: LicenseChanged): Card {
  return {
    title: 'Sending the key again',
    lines: [`The key of ${licenseName(changed)} goes to ${describeOwner(changed.license)} again.`],
  };
}
