import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { keyMessage } from '../src/discord/texts/key-message.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeRevealError } from '../src/discord/views/describe-reveal-error.ts';
import { mentionUser } from '../src/discord/texts/phrases.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { LicenseChanged } from '../src/services/licenses/license-service.ts';

export const licenseRekey: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('rekey')
    .setDescription('Give a license a new key; its machines are kept')
    .addStringOption(licenseOption)
    .addStringOption((option) =>
      option.setName('key').setDescription('The new key; left out, one is made').setMaxLength(300),
    ),
  access: 'license.rekey',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const found = await licenseFrom(context, context.options);
    if (!found.ok) return describeCommandError(found.error);
    return rekey(context, found.value.id, context.options.key('key') ?? undefined);
  },
  components: {
    'license-new-key': {
      reply: 'private',
      once: true,
      run: (context) => rekey(context, Number(context.state[0])),
    },
  },
};

/** The owner gets the new key by DM. An unclaimed license has no owner, so the staff member gets it. */
async function rekey(context: GuildContext, licenseId: number, key?: string): Promise<Reply | string> {
  const done = await context.services.licenses.rekey({
    ...context.by,
    licenseId,
    key,
    mayReveal: context.missing('license.reveal') === null,
  });
  if (!done.ok) return describeRevealError(context, done.error);
  const reply = await changeReply(context, done.value.effectIds, describeRekeyed(done.value));
  return done.value.license.ownerId === null ? { ...reply, more: [keyMessage(done.value.key)] } : reply;
}

export function describeRekeyed(changed: LicenseChanged): Card {
  const { ownerId } = changed.license;
  return {
    title: 'New key',
    lines: [
      `${licenseName(changed)} has a new key; the old one is refused from the next check on. Its machines are kept.`,
      ownerId === null
        ? 'It is unclaimed: the next message is the key.'
        : `Only ${mentionUser(ownerId)} gets the new key: by DM, and with \`/mylicenses\`.`,
    ],
  };
}
