import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { embed } from '../src/discord/framework/embed.ts';
import { type Filters, readFilters, withFilters } from '../src/discord/framework/filters.ts';
import { decodePosition, firstPage, pageRow, type Position } from '../src/discord/framework/pages.ts';
import { describeCustomer } from '../src/discord/texts/customers.ts';
import { identitySystems } from '../src/domain/customers/customer.ts';

const perPage = 10;

export const customerList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('list')
    .setDescription('The customers, newest first')
    .addStringOption((option) =>
      option.setName('search').setDescription('Only those with this in their name').setMaxLength(100),
    )
    .addStringOption((option) =>
      option
        .setName('shop')
        .setDescription('Only those of this shop')
        .addChoices(...identitySystems.map((value) => ({ name: value, value }))),
    ),
  access: 'customer-data',
  reply: 'private',
  run: (context) => {
    const filters = { search: context.options.text('search'), shop: context.options.text('shop') };
    return showPage(context, filters, firstPage);
  },
  components: {
    'customer-list': {
      reply: 'update',
      run: (context) => showPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const system = identitySystems.find((each) => each === filters.shop);
  const query = { ...(filters.search && { text: filters.search }), ...(system && { system }) };
  const page = { limit: perPage + 1, beforeId: position.beforeId };
  const customers = await context.services.customers.list(context.guildId, query, page);
  const shown = customers.slice(0, perPage);
  const nextBeforeId = customers.length > perPage ? (shown.at(-1)?.id ?? null) : null;
  const lines = shown.length === 0 ? ['None.'] : shown.map(describeCustomer);
  return {
    embeds: [withFilters(embed({ title: 'Customers', lines }), filters)],
    rows: pageRow(context, { position, nextBeforeId, handler: 'customer-list' }),
  };
}
