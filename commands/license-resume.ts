import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';

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
    const input = { ...context.by, ...notificationFrom(context.options), licenseId: found.value.id };
    const done = await context.services.licenses.resume(input);
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeResumed(done.value, context.now));
  },
};

/** Also says what else makes checks of the license fail. */
export function describeResumed(changed: LicenseChanged, now: Date): Card {
  const { switchedOff, expiresAt } = changed.license;
  const isExpired = expiresAt !== null && expiresAt.getTime() <= now.getTime();
  return {
    title: 'License resumed',
    lines: [
      `${licenseName(changed)} is no longer suspended.`,
      ...(switchedOff ? ['Its owner has paused it, so it is still refused.'] : []),
      ...(isExpired ? ['It has expired, so it is still refused: `/license extend` runs it longer.'] : []),
    ],
  };
}
