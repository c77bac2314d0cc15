import { type APIEmbed, SlashCommandBuilder } from 'discord.js';
import type { SlashCommand } from '../src/discord/framework/command.ts';
import { button, row } from '../src/discord/framework/components.ts';
import type { Delivery } from '../src/discord/framework/command-context.ts';
import { handlerNames } from '../src/discord/framework/handler-names.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { licenseName } from '../src/discord/texts/licenses.ts';
import { describeNewLicense } from '../src/discord/views/new-license.ts';
import type { TrialStarted } from '../src/services/buyers/buyer-service.ts';

export const trial: SlashCommand = {
  definition: new SlashCommandBuilder()
    .setName('trial')
    .setDescription('Try a product for a while, once')
    .addStringOption(productOption),
  access: 'member',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text, (product) => product.trial !== null),
  run: async (context) => {
    const { services, guildId, user, options } = context;
    const started = await services.buyers.startTrial({ guildId, userId: user.id, product: options.text('product') });
    if (!started.ok) return describeCommandError(started.error);
    const report = context.delivery(started.value.effectIds);
    return {
      embeds: [describeStarted(started.value, await report.soFar())],
      rows: [row(button(context.customId(handlerNames.myLicenses), 'My licenses', 'primary'))],
      later: async () => ({ embeds: [describeStarted(started.value, await report.end())] }),
    };
  },
};

export function describeStarted(started: TrialStarted, delivery: Delivery): APIEmbed {
  const sentence = `${licenseName(started)} is yours to try.`;
  return describeNewLicense({ title: 'Your trial has begun', sentence, ...started }, delivery);
}
