import { type APIEmbed, SlashCommandBuilder } from 'discord.js';
import type { Reply, Modal } from '../src/discord/framework/reply.ts';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { button, row, textModal } from '../src/discord/framework/components.ts';
import type { CommandContext, Delivery } from '../src/discord/framework/command-context.ts';
import { handlerNames } from '../src/discord/framework/handler-names.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { escapeText } from '../src/discord/texts/escape-text.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeNewLicense, describeOwnRoles } from '../src/discord/views/new-license.ts';
import { listWords, mentionRole } from '../src/discord/texts/phrases.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { CommandError } from '../src/domain/command-error.ts';
import type { Redeemed } from '../src/services/buyers/buyer-service.ts';

/** Keys that fit into the custom id of a button. Longer ones can only be redeemed in the server itself. */
const shortKey = /^[\w -]{1,32}$/;

export const redeem: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('redeem')
    .setDescription('Make the license of a key yours')
    .addStringOption((option) =>
      option.setName('key').setDescription('The key; left out, you are asked for it').setMaxLength(300),
    ),
  access: 'buyer',
  reply: 'private',
  modal: (context) => (context.options.text('key') === null ? askForKey(context) : null),
  run: (context) => redeemKey(context, context.options.text('key') ?? '', context.guildId),
  components: {
    // The button opens a modal, whose submission has the same handler.
    redeem: {
      reply: 'private',
      modal: askForKey,
      run: (context) => redeemKey(context, context.field('key'), context.guildId),
    },
    'redeem-in': {
      reply: 'update',
      once: true,
      run: (context) => redeemKey(context, context.state[1] ?? '', context.state[0] ?? null),
    },
  },
};

function askForKey(context: CommandContext): Modal {
  return textModal(context.customId('redeem'), 'Redeem a license', [
    { id: 'key', label: 'Your key', placeholder: 'XXXXX-XXXXX-XXXXX-XXXXX-XXXXX', maxLength: 300 },
  ]);
}

async function redeemKey(context: CommandContext, key: string, guildId: string | null): Promise<Reply | string> {
  const done = await context.services.buyers.redeem({ userId: context.user.id, key, guildId });
  if (!done.ok)
    return done.error.code === 'choose-guild'
      ? askWhere(context, key, done.error)
      : describeRefused(context, done.error);
  const report = context.delivery(done.value.effectIds);
  return {
    embeds: [describeRedeemed(done.value, await report.soFar())],
    rows: [row(button(context.customId(handlerNames.myLicenses), 'My licenses', 'primary'))],
    later: async () => ({ embeds: [describeRedeemed(done.value, await report.end())] }),
  };
}

/** Also names the staff roles to ask, where the settings list roles that may give a license to another user. */
export function describeRefused({ settings }: CommandContext, error: CommandError): string {
  const roles = settings?.['roles.license.reassign'] ?? [];
  const isForStaff = error.code !== 'redeem-wait' && roles.length > 0;
  return `${describeCommandError(error)}${isForStaff ? `\n-# The staff here: ${listWords(roles.map(mentionRole))}.` : ''}`;
}

/** Each guild's button carries the key in its custom id, because the key must not be stored in clear. */
function askWhere(
  context: CommandContext,
  key: string,
  error: Extract<CommandError, { code: 'choose-guild' }>,
): Reply | string {
  const text = describeCommandError(error);
  if (!shortKey.test(key)) return `${text} Run \`/redeem\` in that server.`;
  const buttons = error.guilds
    .slice(0, 5)
    .map(({ id, name }) => button(context.customId('redeem-in', [id, key], { minutes: 15 }), name, 'primary'));
  return { content: text, rows: [row(...buttons)] };
}

export function describeRedeemed(redeemed: Redeemed, delivery: Delivery): APIEmbed {
  const name = `${licenseName(redeemed)} from **${escapeText(redeemed.guildName)}**`;
  if (redeemed.outcome === 'claimed') {
    return describeNewLicense({ title: 'License redeemed', sentence: `${name} is yours.`, ...redeemed }, delivery);
  }
  const roles = describeOwnRoles(delivery) ?? 'Your roles are right.';
  return embed({ title: 'It is yours already', lines: [`${name}.`, roles], tone: 'good' });
}
