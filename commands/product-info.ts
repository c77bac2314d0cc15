import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { describeProductCard } from '../src/discord/texts/products.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const productInfo: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('info')
    .setDescription('All about a product')
    .addStringOption(productOption),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async ({ services, guildId, options }) => {
    const found = await services.products.find(guildId, options.text('product'));
    if (!found.ok) return describeCommandError(found.error);
    const info = await services.products.info(guildId, found.value.id);
    if (!info.ok) return describeCommandError(info.error);
    return { embeds: [embed(describeProductCard(info.value))], postable: true };
  },
};
