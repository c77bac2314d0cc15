import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { createDialog } from '../src/discord/framework/dialog.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import {
  notificationFrom,
  notificationShape,
  reasonOption,
  silentOption,
} from '../src/discord/options/notification-options.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { describeRow, licenseName } from '../src/discord/texts/licenses.ts';
import { count, listWords } from '../src/discord/texts/phrases.ts';
import { bindingKinds } from '../src/domain/limits.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { kindWords } from '../src/discord/texts/machines.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';
import type { LicenseView } from '../src/services/licenses/license-view.ts';

const dialog = createDialog({
  handler: 'license-delete-go',
  input: z.object({ licenseId: z.number(), ...notificationShape }),
  question: async ({ services, guildId }, { licenseId }) => {
    const view = await services.licenses.view(guildId, licenseId);
    if (!view.ok) return describeCommandError(view.error);
    return { title: 'Delete this license?', lines: describeLoss(view.value), label: 'Delete it' };
  },
  run: async (context, input) => {
    const done = await context.services.licenses.delete({ ...context.by, ...input });
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeDeleted(done.value));
  },
});

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
    const { options } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const licenseId = found.value.id;
    if (found.value.deletedAt) return describeCommandError({ code: 'license-deleted', licenseId });
    return dialog.start(context, { licenseId, ...notificationFrom(options) });
  },
  components: dialog.components,
};

export function describeLoss(view: LicenseView): readonly string[] {
  const used = bindingKinds.filter((kind) => view.bindingCounts[kind] > 0);
  const machines = used.map((kind) => count(view.bindingCounts[kind], kindWords[kind].one, kindWords[kind].many));
  return [
    describeRow(view),
    machines.length === 0 ? 'Nothing has used it yet.' : `Used by ${listWords(machines)}.`,
    'It is refused from the next check on, and can be restored for 30 days. Its key stays taken until then.',
  ];
}

export function describeDeleted(changed: LicenseChanged): Card {
  const { id } = changed.license;
  return {
    title: 'License deleted',
    lines: [`${licenseName(changed)} is deleted. \`/license restore ${id}\` brings it back for 30 days.`],
    tone: 'warning',
  };
}
