import { SlashCommandSubcommandBuilder } from 'discord.js';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { button, textModal } from '../src/discord/framework/components.ts';
import { askFirst } from '../src/discord/framework/confirm.ts';
import type { GuildContext } from '../src/discord/framework/context.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { restoreHandler } from './product-restore.ts';
import { codeText, escapeText } from '../src/discord/texts/escape-text.ts';
import { describeLicenses, productName } from '../src/discord/texts/products.ts';
import { describeCommandError } from '../src/texts/command-errors.ts';
import type { ProductInfo } from '../src/services/products/product-service.ts';

const handler = 'product-delete-go';

export const productDelete: Subcommand = {
  definition: new SlashCommandSubcommandBuilder()
    .setName('delete')
    .setDescription('Delete a product and its licenses; they can be restored for 30 days')
    .addStringOption(productOption),
  access: 'product',
  reply: 'private',
  autocomplete: (context) => productChoices(context, context.focused.text),
  run: async (context) => {
    const found = await context.services.products.find(context.guildId, context.options.text('product'));
    return found.ok ? ask(context, found.value.id) : describeCommandError(found.error);
  },
  components: {
    [handler]: {
      reply: 'update',
      // Pressed it asks for the name, sent it deletes.
      modal: ({ customId, state }) =>
        textModal(customId(handler, state), 'Delete this product?', [
          { id: 'name', label: 'Type its name', description: 'As the message shows it', maxLength: 100 },
        ]),
      run: (context) => remove(context, Number(context.state[0]), context.field('name')),
    },
  },
};

/** Deleting a product deletes licenses, so it takes both permissions where there are any. */
async function ask(context: GuildContext, productId: number, notice?: string): Promise<Reply | string> {
  const info = await context.services.products.info(context.guildId, productId);
  if (!info.ok) return describeCommandError(info.error);
  const missing = info.value.licenses === 0 ? null : context.missing('license.delete');
  if (missing !== null) return missing;
  const question = askFirst(context, {
    title: 'Delete this product?',
    lines: describeLoss(info.value),
    label: 'Delete it',
    handler,
    state: [productId],
  });
  return notice === undefined ? question : { ...question, content: notice };
}

async function remove(context: GuildContext, productId: number, name: string): Promise<Reply | string> {
  const { services, guildId, by } = context;
  const info = await services.products.info(guildId, productId);
  if (!info.ok) return describeCommandError(info.error);
  const missing = info.value.licenses === 0 ? null : context.missing('license.delete');
  if (missing !== null) return missing;
  const done = await services.products.delete({ ...by, productId, name });
  if (!done.ok) {
    const isTypo = done.error.code === 'confirmation-wrong';
    return isTypo
      ? ask(context, productId, 'That is not its name; nothing was deleted.')
      : describeCommandError(done.error);
  }
  const { product, effectIds } = done.value;
  const mayRestore = context.missing('license.delete') === null;
  const lines = [
    `${productName(product)} is deleted, and with it ${describeLicenses(done.value)}.`,
    `\`/product restore\` with its name brings them back for 30 days.`,
  ];
  return changeReply(
    context,
    effectIds,
    { title: 'Product deleted', lines, tone: 'warning' },
    { buttons: mayRestore ? [button(context.customId(restoreHandler, [product.id]), 'Restore it')] : [] },
  );
}

function describeLoss(info: ProductInfo): readonly string[] {
  const { product, licenses } = info;
  return [
    `**${escapeText(product.name)}** goes with ${describeLicenses(info)}.`,
    ...(licenses === 0 ? [] : ['They are refused from the next check on, and their owners lose the roles.']),
    'It can be restored for 30 days.',
    `To delete it, press the button and type its name: ${codeText(product.name)}`,
  ];
}
