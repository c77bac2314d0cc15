import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { cutPage, decodePosition, firstPage, pageRow, type Position } from '../src/discord/framework/pages.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { count } from '../src/discord/texts/phrases.ts';
import { describeProduct } from '../src/discord/texts/products.ts';

const perPage = 10;

export const productList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder().setName('list').setDescription('All products, newest first'),
  access: 'product',
  reply: 'private',
  run: (context) => showPage(context, firstPage),
  components: {
    'product-list': {
      reply: 'update',
      run: (context) => showPage(context, decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, position: Position): Promise<Reply> {
  const products = await context.services.products.list(context.guildId);
  const { shown, nextBeforeId } = cutPage(products, ({ product }) => product.id, position, perPage);
  const lines = shown.length === 0 ? ['None yet. `/product create` makes one.'] : shown.map(describeProduct);
  return {
    embeds: [embed({ title: count(products.length, 'product'), lines })],
    rows: pageRow(context, { position, nextBeforeId, handler: 'product-list' }),
    postable: true,
  };
}
