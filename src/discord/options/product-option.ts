import type { SlashCommandStringOption } from 'discord.js';
import type { Product } from '../../domain/product.ts';
import type { Choice, GuildContext } from '../framework/command-context.ts';

/** The option `product`: picked as its id, or typed as a name. May be left out where there is one product. */
export function productOption(option: SlashCommandStringOption): SlashCommandStringOption {
  return option.setName('product').setDescription('The product').setAutocomplete(true).setMaxLength(100);
}

/** Products whose name, alias or number contains the typed text. */
export async function productChoices(
  context: GuildContext,
  typed: string,
  isOffered: (product: Product) => boolean = () => true,
): Promise<readonly Choice[]> {
  const wanted = typed.trim().toLowerCase();
  const products = await context.services.products.list(context.guildId);
  const isMeant = (names: readonly string[]) => names.some((name) => name.toLowerCase().includes(wanted));
  return products
    .filter((product) => isOffered(product) && isMeant([product.name, ...product.aliases, String(product.id)]))
    .map(({ id, name }) => ({ name, value: String(id) }));
}
