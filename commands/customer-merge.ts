import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { createDialog, type DialogQuestion } from '../src/discord/framework/dialog.ts';
import type { Card } from '../src/discord/framework/embed.ts';
import { undoButton } from '../src/discord/framework/undo.ts';
import { customerChoices, customerFrom, customerOption } from '../src/discord/options/customer-option.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { customerName, describeMerge } from '../src/discord/texts/customers.ts';
import type { CustomersMerged } from '../src/services/customers/customer-service.ts';

interface Input {
  readonly from: number;
  readonly into: number;
}

const undoHandler = 'customer-merge-undo';
const mayReveal = (context: GuildContext) => context.missing('license.reveal') === null;

const dialog = createDialog({
  handler: 'customer-merge-go',
  input: z.object({ from: z.number(), into: z.number() }),
  question,
  run: async (context, input) => {
    const merge = { ...context.by, ...input, mayReveal: mayReveal(context) };
    const done = await context.services.customers.merge(merge);
    if (!done.ok) return describeCommandError(done.error);
    const buttons = [undoButton(context, undoHandler, [input.from])];
    return changeReply(context, done.value.effectIds, describeMerged(done.value), { buttons });
  },
});

export const customerMerge: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('merge')
    .setDescription('Make two customers one, because they are one person')
    .addStringOption(customerOption('from', 'Who becomes part of the other one'))
    .addStringOption(customerOption('into', 'Who stays')),
  access: 'customer-data',
  reply: 'private',
  autocomplete: (context) => customerChoices(context, context.focused.text),
  run: async (context) => {
    const { options } = context;
    const from = await customerFrom(context, options.text('from'));
    if (!from.ok) return describeCommandError(from.error);
    const into = await customerFrom(context, options.text('into'));
    if (!into.ok) return describeCommandError(into.error);
    if (from.value.id === into.value.id) return describeCommandError({ code: 'customer-itself' });
    return dialog.start(context, { from: from.value.id, into: into.value.id });
  },
  components: {
    ...dialog.components,
    [undoHandler]: {
      reply: 'update',
      once: true,
      run: async (context) => {
        const undo = { ...context.by, customerId: Number(context.state[0]) };
        const undone = await context.services.customers.undoMerge(undo);
        if (!undone.ok) return describeCommandError(undone.error);
        return changeReply(context, undone.value.effectIds, describeUndoneMerge(undone.value));
      },
    },
  },
};

async function question({ services, guildId }: GuildContext, input: Input): Promise<DialogQuestion | string> {
  const from = await services.customers.view(guildId, input.from);
  if (!from.ok) return describeCommandError(from.error);
  const into = await services.customers.view(guildId, input.into);
  if (!into.ok) return describeCommandError(into.error);
  const lines = describeMerge(from.value.customer, into.value.customer, from.value.licenses);
  return { title: 'Are they one person?', lines, label: 'Merge them' };
}

export function describeMerged({ from, customer }: CustomersMerged): Card {
  return {
    title: 'Customers merged',
    lines: [`What was of ${customerName(from)} belongs to ${customerName(customer)} now.`],
  };
}

export function describeUndoneMerge({ from, customer }: CustomersMerged): Card {
  return {
    title: 'Merge undone',
    lines: [`The two are ${customerName(customer)} and ${customerName(from)} again, each with their own licenses.`],
  };
}
