import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { GuildContext } from '../src/discord/framework/context.ts';
import { zeroLimitKinds } from '../src/discord/options/limit-options.ts';
import { addProductFields, productFieldsFrom } from '../src/discord/options/product-fields.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { productReply } from '../src/discord/views/product-reply.ts';
import { whyNotTheirsToGive } from '../src/discord/options/role-to-give.ts';
import { describeLockedOut } from '../src/discord/texts/license-issue.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/field-limits.ts';
import type { EditProductInput } from '../src/services/products/product-service.ts';

type Wish = Omit<EditProductInput, 'guildId' | 'actor'>;

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
    return name === 'product' ? productChoices(context, text) : suggest([...limitSuggestions, 'inherit'], text);
  },
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await services.products.find(guildId, options.text('product'));
    if (!found.ok) return describeCommandError(found.error);
    const wish = {
      ...productFieldsFrom(context),
      productId: found.value.id,
      name: options.text('name') ?? undefined,
    };
    const refusal = wish.buyerRoleId ? await whyNotTheirsToGive(context, wish.buyerRoleId) : null;
    if (refusal !== null) return refusal;
    const shut = zeroLimitKinds(wish.limits ?? {});
    if (shut.length === 0) return edit(context, wish);
    return askFirst(context, {
      title: 'A limit of 0?',
      lines: describeLockedOut(shut),
      label: 'Set it to 0',
      handler: 'product-edit-go',
      state: [await context.saveState(wish)],
    });
  },
  components: {
    'product-edit-go': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const wish = (await context.savedState(context.state[0] ?? '')) as Wish | null;
        return wish ? edit(context, wish) : 'This question is too old. Run the command again.';
      },
    },
  },
};

async function edit(context: GuildContext, wish: Wish): Promise<Reply | string> {
  const done = await context.services.products.edit({ ...context.by, ...wish });
  return done.ok ? productReply(context, 'Product changed', done.value) : describeCommandError(done.error);
}
