import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { GuildContext } from '../src/discord/framework/context.ts';
import { zeroLimitKinds } from '../src/discord/options/limit-options.ts';
import { addProductFields, productFieldsFrom } from '../src/discord/options/product-fields.ts';
import { limitSuggestions, suggest } from '../src/discord/options/suggest.ts';
import { versionOptions, versionPolicyFrom } from '../src/discord/options/version-options.ts';
import { productReply } from '../src/discord/views/product-reply.ts';
import { whyNotTheirsToGive } from '../src/discord/options/role-to-give.ts';
import { describeLockedOut } from '../src/discord/texts/license-issue.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import { fieldLimits } from '../src/domain/field-limits.ts';
import type { CreateProductInput } from '../src/services/products/product-service.ts';

type Wish = Omit<CreateProductInput, 'guildId' | 'actor'>;

export const productCreate: Subcommand = {
  definition: definition(),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => Promise.resolve(suggest([...limitSuggestions, 'inherit'], context.focused.text)),
  run: async (context) => {
    const { options } = context;
    const wish = {
      ...productFieldsFrom(context),
      name: options.text('name') ?? '',
      version: options.text('version'),
      versionPolicy: versionPolicyFrom(options),
      id: options.number('number') ?? undefined,
      uuid: options.text('uuid') ?? undefined,
    };
    const refusal = wish.buyerRoleId ? await whyNotTheirsToGive(context, wish.buyerRoleId) : null;
    if (refusal !== null) return refusal;
    const shut = zeroLimitKinds(wish.limits ?? {});
    if (shut.length === 0) return create(context, wish);
    return askFirst(context, {
      title: 'A limit of 0?',
      lines: describeLockedOut(shut),
      label: 'Make it so',
      handler: 'product-create-go',
      state: [await context.saveState(wish)],
    });
  },
  components: {
    'product-create-go': {
      reply: 'update',
      once: true,
      run: async (context) => {
        const wish = (await context.savedState(context.state[0] ?? '')) as Wish | null;
        return wish ? create(context, wish) : 'This question is too old. Run the command again.';
      },
    },
  },
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

async function create(context: GuildContext, wish: Wish): Promise<Reply | string> {
  const made = await context.services.products.create({ ...context.by, ...wish });
  if (!made.ok) return describeCommandError(made.error);
  return productReply(context, 'Product made', made.value, ['`/license issue` makes licenses for it.']);
}
