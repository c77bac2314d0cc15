import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { button } from '../src/discord/framework/components.ts';
import { licenseChoices, licenseFrom, licenseOption } from '../src/discord/options/license-option.ts';
import { ownerFrom } from '../src/discord/options/owner-option.ts';
import { reasonOption, silentOption, notificationFrom } from '../src/discord/options/notification-options.ts';
import { describeDenyingEntries } from '../src/discord/texts/blacklist.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { describeOwner, licenseName } from '../src/discord/texts/licenses.ts';
import { describeEndedSharing } from '../src/discord/texts/sharing.ts';
import { describeRevealError } from '../src/discord/views/describe-reveal-error.ts';
import { mentionUser } from '../src/discord/texts/phrases.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { Reassigned } from '../src/services/licenses/license-service.ts';

export const licenseReassign: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('reassign')
    .setDescription('Move a license to another Discord user')
    .addStringOption(licenseOption)
    .addUserOption((option) => option.setName('user').setDescription('The new owner').setRequired(true))
    .addBooleanOption((option) => option.setName('keep-machines').setDescription('Do not forget its machines'))
    .addBooleanOption((option) =>
      option.setName('new-key').setDescription('Make a new key, so that the previous owner’s stops working'),
    )
    .addStringOption(reasonOption)
    .addBooleanOption(silentOption),
  access: 'license.reassign',
  reply: 'private',
  autocomplete: (context) => licenseChoices(context, context.focused.text),
  run: async (context) => {
    const { options, services, by } = context;
    const found = await licenseFrom(context, options);
    if (!found.ok) return describeCommandError(found.error);
    const owner = ownerFrom(options);
    if (!owner.ok) return owner.error;
    const done = await services.licenses.reassign({
      ...by,
      ...notificationFrom(options),
      licenseId: found.value.id,
      ownerId: owner.value,
      keepMachines: options.flag('keep-machines') ?? false,
      newKey: options.flag('new-key') ?? false,
      mayReveal: context.missing('license.reveal') === null,
    });
    if (!done.ok) {
      const { error } = done;
      const isTheirs = error.code === 'already-owner';
      return isTheirs
        ? `The license already belongs to ${mentionUser(error.userId)}; nothing was changed.`
        : describeRevealError(context, error);
    }
    const { license, previousOwnerKnowsKey, effectIds } = done.value;
    const deniedBy = await services.licenses.deniedBy(context.guildId, license.id);
    const newKey = button(context.customId('license-new-key', [license.id]), 'New key', 'primary');
    return changeReply(context, effectIds, describeReassigned(done.value), {
      buttons: previousOwnerKnowsKey ? [newKey] : [],
      warnings: [...describeKnownKey(done.value), ...describeDenyingEntries(deniedBy)],
    });
  },
};

export function describeReassigned(changed: Reassigned): Card {
  const { previousOwnerId, machinesKept, newKey, license } = changed;
  const from =
    previousOwnerId === null ? 'Before, it was unclaimed.' : `Before, it was ${mentionUser(previousOwnerId)}’s.`;
  return {
    title: 'License reassigned',
    lines: [
      `${licenseName(changed)} belongs to ${describeOwner(license)} now. ${from}`,
      ...describeEndedSharing(changed.previousHelperIds),
      machinesKept ? 'Its machines are kept.' : 'Its machines are forgotten.',
      ...(newKey === null ? [] : ['It has a new key; the old one is refused from the next check on.']),
    ],
  };
}

/** Warns that the previous owner can still use the key. */
export function describeKnownKey({ previousOwnerKnowsKey, previousOwnerId }: Reassigned): readonly string[] {
  if (!previousOwnerKnowsKey || previousOwnerId === null) return [];
  return [
    `The previous owner, ${mentionUser(previousOwnerId)}, knows the key and can go on using it. *New key* ends that.`,
  ];
}
