import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { createDialog } from '../src/discord/framework/dialog.ts';
import { zeroLimitQuestion } from '../src/discord/options/limit-options.ts';
import {
  addProductFields,
  type FormField,
  productFieldsFrom,
  productFieldShape,
  suggestProductField,
} from '../src/discord/options/product-fields.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { productReply } from '../src/discord/views/product-reply.ts';
import { roleGrantProblem } from '../src/discord/options/role-grant-problem.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';
import type { By } from '../src/services/context.ts';
import type { EditProductInput } from '../src/services/products/product-service.ts';

const inputShape = {
  ...productFieldShape,
  productId: z.number(),
  name: z.string().optional(),
} satisfies Record<Exclude<keyof EditProductInput, keyof By | FormField>, z.ZodType>;

const dialog = createDialog({
  handler: 'product-edit-go',
  input: z.object(inputShape),
  question: (_context, { limits }) => zeroLimitQuestion(limits, 'Set it to 0'),
  run: async (context, input) => {
    const done = await context.services.products.edit({ ...context.by, ...input });
    return done.ok ? productReply(context, 'Product changed', done.value) : describeCommandError(done.error);
  },
});

export const productEdit: Subcommand = {
  definition: addProductFields(
    new SlashCommandSubcommandBuilder()
      .setName('edit')
      .setDescription('Change a product; its version has /product version')
      .addStringOption(productOption)
      .addStringOption((option) =>
        option
          .setName('name')
          .setDescription('A new name; programs that send the old one still find it')
          .setMaxLength(fieldLimits.productName),
      ),
  ),
  access: 'product',
  reply: 'private',
  autocomplete: async (context) => {
    const { name, text } = context.focused;
    return name === 'product' ? productChoices(context, text) : suggestProductField(name, text);
  },
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await services.products.find(guildId, options.text('product'));
    if (!found.ok) return describeCommandError(found.error);
    const input = {
      ...productFieldsFrom(context),
      productId: found.value.id,
      name: options.text('name') ?? undefined,
    };
    const problem = input.buyerRoleId ? await roleGrantProblem(context, input.buyerRoleId) : null;
    if (problem !== null) return problem;
    return dialog.start(context, input);
  },
  components: dialog.components,
};
