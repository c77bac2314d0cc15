import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import {
  reasonOption,
  silentOption,
  type NotificationChoice,
  notificationFrom,
} from '../src/discord/options/notification-options.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { describeRow, licenseName } from '../src/discord/texts/licenses.ts';
import { count, listWords } from '../src/discord/texts/phrases.ts';
import { bindingKinds } from '../src/domain/limits.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';
import type { LicenseView } from '../src/services/licenses/license-view.ts';

export const licenseDelete: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('delete')
    .setDescription('Delete a license; it can be restored for 30 days')
    .addStringOption(licenseOption)
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.delete',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const licenseId = found.value.id;
    if (found.value.deletedAt) return describeCommandError({ code: 'license-deleted', licenseId });
    const view = await services.licenses.view(guildId, licenseId);
    if (!view.ok) return describeCommandError(view.error);
    const token = await context.saveState(notificationFrom(options));
    return askFirst(context, {
      title: 'Delete this license?',
      lines: describeLoss(view.value),
      label: 'Delete it',
      handler: 'license-delete-go',
      state: [licenseId, token],
    });
  },
  components: {
    'license-delete-go': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const [id, token = ''] = context.state;
        const telling = (await context.savedState(token)) as NotificationChoice | null;
        if (!telling) return 'This question is too old. Run the command again.';
        const done = await context.services.licenses.delete({ ...context.by, ...telling, licenseId: Number(id) });
        if (!done.ok) return describeCommandError(done.error);
        return changeReply(context, done.value.effectIds, describeDeleted(done.value));
      },
    },
  },
};

function describeLoss(view: LicenseView): readonly string[] {
  const used = bindingKinds.filter((kind) => view.bindingCounts[kind] > 0);
  const machines = used.map((kind) => count(view.bindingCounts[kind], kindWords[kind].one, kindWords[kind].many));
  return [
    describeRow(view),
    machines.length === 0 ? 'Nothing has used it yet.' : `Used by ${listWords(machines)}.`,
    'It is refused from the next check on, and can be restored for 30 days. Its key stays taken until then.',
  ];
}

function describeDeleted(changed: LicenseChanged): Card {
  const { id } = changed.license;
  return {
    title: 'License deleted',
    lines: [`${licenseName(changed)} is deleted. \`/license restore ${id}\` brings it back for 30 days.`],
    tone: 'warning',
  };
}
