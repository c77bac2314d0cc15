import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { type Filters, idOf, namedId, readFilters } from '../src/discord/framework/filters.ts';
import { licensePage, licensesPerPage } from '../src/discord/views/license-page.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { stateOption } from '../src/discord/options/state-option.ts';
import { decodePosition, firstPage, type Position } from '../src/discord/framework/pages.ts';
import { count } from '../src/discord/texts/phrases.ts';
import { licenseStates } from '../src/domain/license.ts';
import { addDays } from '../src/domain/values/calendar.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

export const licenseList: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('list')
    .setDescription('Licenses of this server, newest first')
    .addStringOption(productOption)
    .addUserOption((option) => option.setName('user').setDescription('Only those of this owner'))
    .addStringOption(stateOption)
    .addBooleanOption((option) => option.setName('staff').setDescription('Only staff licenses, or all others'))
    .addIntegerOption((option) =>
      option
        .setName('expires-within')
        .setDescription('Only those that end within so many days')
        .setMinValue(1)
        .setMaxValue(3650),
    ),
  access: 'license.view',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const { options, services, guildId, now } = context;
    const named = options.text('product');
    const product = named === null ? null : await services.products.find(guildId, named);
    if (product && !product.ok) return describeCommandError(product.error);
    const [staff, days] = [options.flag('staff'), options.number('expires-within')];
    const filters = {
      product: product ? namedId(product.value) : null,
      owner: options.userId('user'),
      state: options.text('state'),
      staff: staff === null ? null : String(staff),
      'ends before': days === null ? null : addDays(now, days).toISOString(),
    };
    return showPage(context, filters, firstPage);
  },
  components: {
    'license-list': {
      reply: 'update',
      run: (context) => showPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const { licenses } = context.services;
  const query = queryOf(filters);
  const page = { limit: licensesPerPage + 1, beforeId: position.beforeId };
  const [rows, total] = await Promise.all([
    licenses.list(context.guildId, query, page),
    licenses.count(context.guildId, query),
  ]);
  return licensePage(context, { title: count(total, 'license'), rows, position, handler: 'license-list', filters });
}

function queryOf(filters: Filters) {
  const { product, owner, staff } = filters;
  const state = licenseStates.find((each) => each === filters.state);
  const endsBefore = filters['ends before'];
  return {
    ...(product && { productId: idOf(product) }),
    ...(owner && { ownerId: owner }),
    ...(state && { state }),
    ...(staff && { staff: staff === 'true' }),
    ...(endsBefore && { expiresBefore: new Date(endsBefore) }),
  };
}
