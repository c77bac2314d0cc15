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
  const { services, guildId } = context;
  const products = await services.products.list(guildId);
  const { shown, nextBeforeId } = cutPage(products, ({ id }) => id, position, perPage);
  const infos = await Promise.all(shown.map(({ id }) => services.products.info(guildId, id)));
  const described = infos.flatMap((info) => (info.ok ? [describeProduct(info.value)] : []));
  const lines = shown.length === 0 ? ['None yet. `/product create` makes one.'] : described;
  return {
    embeds: [embed({ title: count(products.length, 'product'), lines })],
    rows: pageRow(context, { position, nextBeforeId, handler: 'product-list' }),
    postable: true,
  };
}
