import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { suspendLicense, undoSuspensionHandler } from '../src/discord/views/suspend-license.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const licenseSuspend: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('suspend')
    .setDescription('Refuse a license until you resume it')
    .addStringOption(licenseOption)
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.suspend',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const { options } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    return suspendLicense(context, found.value.id, notificationFrom(options));
  },
  components: {
    [undoSuspensionHandler]: {
      reply: 'update',
      once: true,
      run: async (context) => {
        const [id = '', at = '', silent] = context.state;
        const licenseId = Number(id);
        const { licenses } = context.services;
        const setAt = new Date(Number.parseInt(at, 36));
        const done = await licenses.resume({ ...context.by, licenseId, setAt, silent: silent === '1' });
        if (!done.ok) return describeCommandError(done.error);
        const lines = [`The suspension of ${licenseName(done.value)} was taken back.`];
        return changeReply(context, done.value.effectIds, { title: 'Suspension undone', lines });
      },
    },
  },
};
