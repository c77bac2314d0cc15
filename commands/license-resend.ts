import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/change-reply.ts';
import type { Subcommand } from '../src/discord/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import type { Card } from '../src/discord/texts/embed.ts';
import { describeOwner, licenseName } from '../src/discord/texts/license-words.ts';
import { describeRefusal } from '../src/domain/refusal.ts';
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
    if (!found.ok) return describeRefusal(found.error);
    const done = await context.services.licenses.resend({ ...context.by, licenseId: found.value.id });
    if (!done.ok) return describeRefusal(done.error);
    return changeReply(context, done.value.effectIds, describeResent(done.value));
  },
};

function describeResent(changed: LicenseChanged): Card {
  return {
    title: 'Key sent again',
    lines: [`The key of ${licenseName(changed)} goes to ${describeOwner(changed.license)} again.`],
  };
}
