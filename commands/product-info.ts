import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { button, row } from '../src/discord/framework/components.ts';
import type { ComponentCall, GuildContext } from '../src/discord/framework/command-context.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { describeProductCard } from '../src/discord/texts/products.ts';
import { describeNoPair } from '../src/discord/texts/metadata.ts';
import { dataForm, readDataForm } from '../src/discord/views/data-form.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const productInfo: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('info')
    .setDescription('All about a product')
    .addStringOption(productOption),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const found = await context.services.products.find(context.guildId, context.options.text('product'));
    return found.ok ? showCard(context, found.value.id) : describeCommandError(found.error);
  },
  components: {
    'product-data': {
      reply: 'update',
      modal: (context) => dataForm(context.customId('product-data', context.state)),
      run: changeData,
    },
  },
};

async function showCard(context: GuildContext, productId: number): Promise<Reply | string> {
  const info = await context.services.products.info(context.guildId, productId);
  if (!info.ok) return describeCommandError(info.error);
  return {
    embeds: [embed(describeProductCard(info.value))],
    rows: [row(button(context.customId('product-data', [String(productId)]), 'Features and metadata'))],
    postable: true,
  };
}

/** Changes what was typed into the form, and shows the card as it is then. */
async function changeData(context: GuildContext & ComponentCall): Promise<Reply | string> {
  const typed = readDataForm(context.field);
  if (typeof typed === 'string') return describeNoPair(typed);
  const productId = Number(context.state[0]);
  const done = await context.services.products.edit({ ...context.by, ...typed, productId });
  return done.ok ? showCard(context, productId) : describeCommandError(done.error);
}
