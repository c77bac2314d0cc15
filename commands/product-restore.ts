import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { productReply } from '../src/discord/views/product-reply.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';

/** Handler of *Restore it*; its state is the product's id. */
export const restoreHandler = 'product-restore';

export const productRestore: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('restore')
    .setDescription('Bring back a product and its licenses, deleted in the last 30 days')
    .addStringOption((option) =>
      option.setName('product').setDescription('Its name or number').setRequired(true).setMaxLength(100),
    ),
  access: 'product',
  reply: 'private',
  run: async (context) => {
    const { services, guildId, options } = context;
    const found = await services.products.findDeleted(guildId, options.text('product') ?? '');
    return found.ok ? restore(context, found.value.id) : describeCommandError(found.error);
  },
  components: {
    [restoreHandler]: { reply: 'update', once: true, run: (context) => restore(context, Number(context.state[0])) },
  },
};

/** Restoring a product restores its licenses, so both permissions are needed, as for deleting it. */
async function restore(context: GuildContext, productId: number): Promise<Reply | string> {
  const missing = context.missing('license.delete');
  if (missing !== null) return missing;
  const done = await context.services.products.restore({ ...context.by, productId });
  return done.ok ? productReply(context, 'Product restored', done.value) : describeCommandError(done.error);
}
