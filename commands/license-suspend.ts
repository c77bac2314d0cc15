import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/change-reply.ts';
import type { Subcommand } from '../src/discord/command.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { reasonOption, silentOption, tellingFrom } from '../src/discord/options/telling.ts';
import type { Card } from '../src/discord/texts/embed.ts';
import { escapeText } from '../src/discord/texts/escape-text.ts';
import { licenseName } from '../src/discord/texts/license-words.ts';
import { undoButton } from '../src/discord/undo.ts';
import { describeRefusal } from '../src/domain/refusal.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';

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
    const { options, by, services } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeRefusal(found.error);
    const telling = tellingFrom(options);
    const done = await services.licenses.suspend({ ...by, ...telling, licenseId: found.value.id });
    if (!done.ok) return describeRefusal(done.error);
    const { license, effectIds } = done.value;
    const at = license.suspension?.at.getTime() ?? 0;
    const undo = undoButton(context, 'license-suspend-undo', [license.id, at.toString(36), telling.silent ? 1 : 0]);
    return changeReply(context, effectIds, describeSuspended(done.value), { buttons: [undo] });
  },
  components: {
    'license-suspend-undo': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const [id = '', at = '', silent] = context.state;
        const licenseId = Number(id);
        const { licenses } = context.services;
        const found = await licenses.view(context.guildId, licenseId);
        if (!found.ok) return describeRefusal(found.error);
        const isSame = found.value.license.suspension?.at.getTime() === Number.parseInt(at, 36);
        if (!isSame) return describeRefusal({ code: 'undo-too-late' });
        const done = await licenses.resume({ ...context.by, licenseId, silent: silent === '1' });
        if (!done.ok) return describeRefusal(done.error);
        const lines = [`The suspension of ${licenseName(done.value)} was taken back.`];
        return changeReply(context, done.value.effectIds, { title: 'Suspension undone', lines });
      },
    },
  },
};

function describeSuspended(changed: LicenseChanged): Card {
  const reason = changed.license.suspension?.reason ?? null;
  return {
    title: 'License suspended',
    lines: [
      `${licenseName(changed)} is refused from the next check on, until you resume it.`,
      ...(reason === null ? [] : [`Reason: ${escapeText(reason, 500)}`]),
    ],
    tone: 'warning',
  };
}
