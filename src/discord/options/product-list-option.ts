import type { SlashCommandBooleanOption, SlashCommandStringOption } from 'discord.js';
import type { Choice, GuildContext } from '../framework/command-context.ts';
import { ellipsize } from '../texts/ellipsize.ts';
import { productChoices } from './product-option.ts';

/** Discord takes so many characters as the name and as the value of a choice. */
const maxChoiceLength = 100;

/** An option for several products: picked one after the other, which makes a list of ids, or typed with commas. */
export function listOption(name: string, description: string) {
  return (option: SlashCommandStringOption): SlashCommandStringOption =>
    option.setName(name).setDescription(description).setAutocomplete(true).setMaxLength(1000);
}

/** The option `all-products`. */
export function allProductsOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option.setName('all-products').setDescription('For every product, also those to come');
}

/** Products for the last part of the typed list; each choice keeps the parts before. */
export async function listChoices(context: GuildContext, typed: string): Promise<readonly Choice[]> {
  const parts = partsOf(typed);
  const last = /,\s*$/.test(typed) ? '' : (parts.pop() ?? '');
  const products = await context.services.products.list(context.guildId);
  const nameOf = (part: string) => products.find(({ id }) => String(id) === part)?.name ?? part;
  return (await productChoices(context, last))
    .filter(({ value }) => !parts.includes(String(value)))
    .map(({ name, value }) => ({
      name: ellipsize([...parts.map(nameOf), name].join(', '), maxChoiceLength),
      value: [...parts, value].join(', '),
    }))
    .filter(({ value }) => value.length <= maxChoiceLength);
}

/** The products that a list names; undefined: none was typed. A name with a comma stands alone or is given as its id. */
export async function readList(context: GuildContext, text: string | null): Promise<string[] | undefined> {
  if (text === null) return undefined;
  const whole = await context.services.products.find(context.guildId, text);
  return whole.ok ? [String(whole.value.id)] : partsOf(text);
}

function partsOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
