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
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { FoundLicenses } from '../src/services/licenses/license-service.ts';
import type { LicenseRow } from '../src/services/licenses/license-view.ts';

/** A search returns at most this many licenses. The title says so, and the staff member can search for more letters. */
const maxFound = 200;

export const licenseSearch: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('search')
    .setDescription('Find licenses by whatever you have')
    .addStringOption((option) =>
      option
        .setName('text')
        .setDescription('Key, last group, id, order, IP, HWID, owner, or part of a name or note')
        .setRequired(true)
        .setMaxLength(1024),
    )
    .addStringOption(productOption)
    .addStringOption(stateOption),
  access: 'license.view',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const { options, services, guildId } = context;
    const named = options.text('product');
    const product = named === null ? null : await services.products.find(guildId, named);
    if (product && !product.ok) return describeCommandError(product.error);
    const filters = {
      text: options.text('text'),
      product: product ? namedId(product.value) : null,
      state: options.text('state'),
    };
    return showPage(context, filters, firstPage);
  },
  components: {
    'license-search': {
      reply: 'update',
      run: (context) => showPage(context, readFilters(context.messageEmbeds), decodePosition(context.state[0])),
    },
  },
};

async function showPage(context: GuildContext, filters: Filters, position: Position): Promise<Reply> {
  const found = await context.services.licenses.find(context.guildId, filters.text ?? '', maxFound);
  const fitting = found.rows.filter((row) => fits(row, filters));
  const { beforeId } = position;
  const rows = fitting.filter(({ license }) => beforeId === null || license.id < beforeId);
  // The filters of a paged list stand in its footer. A key finds one license, so a key never gets there.
  const isPaged = fitting.length > licensesPerPage;
  return licensePage(context, {
    title: describeFound(fitting.length, found),
    rows,
    position,
    handler: 'license-search',
    filters: { ...filters, text: isPaged ? (filters.text ?? null) : null },
  });
}

function fits({ product, state }: LicenseRow, filters: Filters): boolean {
  const isOfProduct = !filters.product || product.id === idOf(filters.product);
  return isOfProduct && (!filters.state || state === filters.state);
}

const readings: Readonly<Record<NonNullable<FoundLicenses['by']>, string>> = {
  key: 'with this key',
  id: 'with this id',
  suffix: 'whose key ends so',
  order: 'of this order',
  ip: 'with this IP',
  hwid: 'with this HWID',
  mac: 'with this MAC address',
  owner: 'of this owner',
  customer: 'of this customer',
  text: 'whose name, note or order has this in it',
};

/** How many were found, and whether the text was read as a key, an id, an IP or something else. */
export function describeFound(total: number, { by, rows }: FoundLicenses): string {
  if (total === 0 || by === null) return 'No license found';
  const more = rows.length >= maxFound ? 'The newest ' : '';
  return `${more}${count(total, 'license')} ${readings[by]}`;
}
