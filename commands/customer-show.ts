import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { button, row } from '../src/discord/framework/components.ts';
import { customerChoices, customerFrom, customerOption } from '../src/discord/options/customer-option.ts';
import { codeText } from '../src/discord/texts/escape-text.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { describeCustomerCard } from '../src/discord/texts/customers.ts';

const maxRows = 5;
const revealHandler = 'customer-reveal';

export const customerShow: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('show')
    .setDescription('Who a customer is, and what they have')
    .addStringOption(customerOption('who', 'A name, Discord id, e-mail address, shop:id or number')),
  access: 'customer-data',
  reply: 'private',
  autocomplete: (context) => customerChoices(context, context.focused.text),
  run: async (context) => {
    const { services, guildId } = context;
    const found = await customerFrom(context, context.options.text('who'));
    if (!found.ok) return describeCommandError(found.error);
    const customerId = found.value.id;
    const view = await services.customers.view(guildId, customerId);
    if (!view.ok) return describeCommandError(view.error);
    const rows = await services.licenses.list(guildId, { customerId }, { limit: maxRows, beforeId: null });
    const { customer, licenses } = view.value;
    const reveal = button(context.customId(revealHandler, [customerId]), 'Show e-mail address');
    return {
      embeds: [describeCustomerCard(customer, licenses, rows)],
      rows: customer.maskedEmail === null ? [] : [row(reveal)],
    };
  },
  components: {
    [revealHandler]: {
      access: 'license.reveal',
      reply: 'private',
      run: async (context) => {
        const look = { ...context.by, mayReveal: true, customerId: Number(context.state[0]) };
        const revealed = await context.services.customers.revealEmail(look);
        return revealed.ok ? describeAddress(revealed.value.email) : describeCommandError(revealed.error);
      },
    },
  },
};

export function describeAddress(email: string | null): string {
  return email === null ? 'The customer has no e-mail address any more.' : codeText(email, 254);
}
