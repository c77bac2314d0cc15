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
import { versionOptions, versionPolicyFrom } from '../src/discord/options/version-options.ts';
import { productReply } from '../src/discord/views/product-reply.ts';
import { roleGrantProblem } from '../src/discord/options/role-grant-problem.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/values/field-limits.ts';
import type { By } from '../src/services/context.ts';
import type { CreateProductInput } from '../src/services/products/product-service.ts';

const inputShape = {
  ...productFieldShape,
  name: z.string(),
  id: z.number().optional(),
  uuid: z.string().optional(),
} satisfies Record<Exclude<keyof CreateProductInput, keyof By | FormField>, z.ZodType>;

const dialog = createDialog({
  handler: 'product-create-go',
  input: z.object(inputShape),
  question: (_context, { limits }) => zeroLimitQuestion(limits, 'Make it so'),
  run: async (context, input) => {
    const made = await context.services.products.create({ ...context.by, ...input });
    if (!made.ok) return describeCommandError(made.error);
    return productReply(context, 'Product made', made.value, ['`/license issue` makes licenses for it.']);
  },
});

export const productCreate: Subcommand = {
  definition: definition(),
  access: 'product',
  reply: 'private',
  autocomplete: ({ focused }) => Promise.resolve(suggestProductField(focused.name, focused.text)),
  run: async (context) => {
    const { options } = context;
    const input = {
      ...productFieldsFrom(context),
      name: options.text('name') ?? '',
      version: options.text('version'),
      versionPolicy: versionPolicyFrom(options),
      id: options.number('number') ?? undefined,
      uuid: options.text('uuid') ?? undefined,
    };
    const problem = input.buyerRoleId ? await roleGrantProblem(context, input.buyerRoleId) : null;
    if (problem !== null) return problem;
    return dialog.start(context, input);
  },
  components: dialog.components,
};

function definition() {
  const command = new SlashCommandSubcommandBuilder()
    .setName('create')
    .setDescription('Make a product to issue licenses for')
    .addStringOption((option) =>
      option
        .setName('name')
        .setDescription('Its name; programs may send it')
        .setRequired(true)
        .setMaxLength(fieldLimits.productName),
    );
  addProductFields(versionOptions(command));
  command.addIntegerOption((option) =>
    option
      .setName('number')
      .setDescription('Its number, where shipped programs send one')
      .setMinValue(1)
      .setMaxValue(2 ** 31 - 1),
  );
  return command.addStringOption((option) =>
    option.setName('uuid').setDescription('Its UUID, where shipped programs send one').setMaxLength(36),
  );
}
