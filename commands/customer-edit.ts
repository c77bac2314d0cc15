import { SlashCommandSubcommandBuilder } from 'discord.js';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import type { Options } from '../src/discord/framework/command-context.ts';
import { customerChoices, customerFrom, customerOption } from '../src/discord/options/customer-option.ts';
import { removableTextFrom } from '../src/discord/options/removable-text.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { customerName, describeCustomer } from '../src/discord/texts/customers.ts';
import type { Customer } from '../src/domain/customers/customer.ts';
import type { CustomerFields } from '../src/services/customers/customer-service.ts';

const none = '“none” takes it away';

export const customerEdit: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('edit')
    .setDescription('Change what is known of a customer')
    .addStringOption(customerOption('who', 'A name, Discord id, e-mail address, shop:id or number'))
    .addUserOption((option) =>
      option.setName('user').setDescription('The Discord user, who becomes the owner of all licenses'),
    )
    .addBooleanOption((option) =>
      option.setName('no-user').setDescription('Take the Discord user away: the licenses are unclaimed then'),
    )
    .addStringOption((option) =>
      option.setName('email').setDescription(`The e-mail address; ${none}`).setMaxLength(300),
    )
    .addStringOption((option) =>
      option.setName('username').setDescription(`The name in a shop; ${none}`).setMaxLength(100),
    )
    .addStringOption((option) => option.setName('full-name').setDescription(`The full name; ${none}`).setMaxLength(200))
    .addStringOption((option) =>
      option.setName('add-identity').setDescription('A user id in a shop, such as builtbybit:540001').setMaxLength(300),
    )
    .addStringOption((option) =>
      option.setName('remove-identity').setDescription('A user id in a shop to take away').setMaxLength(300),
    )
    .addStringOption((option) =>
      option.setName('uuid').setDescription('The UUID that client programs know (Lukittu)').setMaxLength(40),
    ),
  access: 'customer-data',
  reply: 'private',
  autocomplete: (context) => customerChoices(context, context.focused.text),
  run: async (context) => {
    const found = await customerFrom(context, context.options.text('who'));
    if (!found.ok) return describeCommandError(found.error);
    const mayReveal = context.missing('license.reveal') === null;
    const edit = { ...context.by, ...fieldsFrom(context.options), mayReveal, customerId: found.value.id };
    const done = await context.services.customers.edit(edit);
    if (!done.ok) return describeCommandError(done.error);
    return changeReply(context, done.value.effectIds, describeEdited(done.value.customer));
  },
};

function fieldsFrom(options: Options): CustomerFields {
  const removable = (name: string) => removableTextFrom(options, name);
  const list = (name: string) => [options.text(name)].filter((text) => text !== null);
  return {
    discordId: options.userId('user') ?? (options.flag('no-user') === true ? null : undefined),
    uuid: options.text('uuid') ?? undefined,
    email: removable('email'),
    username: removable('username'),
    fullName: removable('full-name'),
    addIdentities: list('add-identity'),
    removeIdentities: list('remove-identity'),
  };
}

export function describeEdited(customer: Customer): Card {
  return { title: 'Customer changed', lines: [`Changed ${customerName(customer)}.`, describeCustomer(customer)] };
}
