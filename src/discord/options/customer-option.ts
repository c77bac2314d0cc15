import type { SlashCommandStringOption } from 'discord.js';
import type { CommandError } from '../../domain/command-error.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import type { Result } from '../../domain/values/result.ts';
import type { Choice, GuildContext } from '../framework/command-context.ts';
import { customerChoice } from '../texts/customers.ts';

const maxChoices = 25;

/** An option for a customer: picked as `#` with its number, or typed as what `CustomerService.resolve` reads. */
export function customerOption(name: string, description: string) {
  return (option: SlashCommandStringOption): SlashCommandStringOption =>
    option.setName(name).setDescription(description).setAutocomplete(true).setRequired(true).setMaxLength(300);
}

/** The customers that the typed text means, or whose names have it in them. */
export async function customerChoices({ services, guildId }: GuildContext, typed: string): Promise<readonly Choice[]> {
  const found = await services.customers.search(guildId, typed, maxChoices);
  return found.map((row) => ({ name: customerChoice(row), value: `#${row.customer.id}` }));
}

export function customerFrom(
  { services, guildId }: GuildContext,
  text: string | null,
): Promise<Result<Customer, CommandError>> {
  return services.customers.resolve(guildId, text ?? '');
}
