import { SlashCommandSubcommandBuilder } from 'discord.js';
import { z } from 'zod';
import type { Reply } from '../src/discord/framework/reply.ts';
import { changeReply } from '../src/discord/framework/change-reply.ts';
import type { Subcommand } from '../src/discord/framework/command.ts';
import { button } from '../src/discord/framework/components.ts';
import type { GuildContext } from '../src/discord/framework/command-context.ts';
import { createDialog, type DialogQuestion } from '../src/discord/framework/dialog.ts';
import { productChoices, productOption } from '../src/discord/options/product-option.ts';
import { restoreHandler } from './product-restore.ts';
import { codeText, escapeText } from '../src/discord/texts/escape-text.ts';
import { describeKept } from '../src/texts/product-names.ts';
import { describeLicenses, productName } from '../src/discord/texts/products.ts';
import { describeCommandError } from '../src/discord/texts/command-errors.ts';
import type { ProductInfo } from '../src/services/products/product-service.ts';

interface Input {
  readonly productId: number;
}

const dialog = createDialog({
  handler: 'product-delete-go',
  input: z.object({ productId: z.number() }),
  question,
  retype: {
    title: 'Delete this product?',
    field: { id: 'name', label: 'Type its name', description: 'As the message shows it', maxLength: 100 },
    isNeeded: () => true,
  },
  run: remove,
});

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
    return found.ok ? dialog.start(context, { productId: found.value.id }) : describeCommandError(found.error);
  },
  components: dialog.components,
};

/** Deleting a product deletes its licenses, so where it has any, both permissions are needed. */
async function question(context: GuildContext, { productId }: Input): Promise<DialogQuestion | string> {
  const info = await context.services.products.info(context.guildId, productId);
  if (!info.ok) return describeCommandError(info.error);
  const missing = info.value.licenses === 0 ? null : context.missing('license.delete');
  return missing ?? { title: 'Delete this product?', lines: describeLoss(info.value), label: 'Delete it' };
}

async function remove(context: GuildContext, input: Input, name: string | null): Promise<Reply | string> {
  // The product may have got licenses, and the staff member may have lost a role, since the question was asked.
  const asked = await question(context, input);
  if (typeof asked === 'string') return asked;
  const { services, by } = context;
  const done = await services.products.delete({ ...by, ...input, name: name ?? '' });
  if (!done.ok) {
    if (done.error.code !== 'confirmation-wrong') return describeCommandError(done.error);
    return { ...(await dialog.ask(context, input, asked)), content: 'That is not its name; nothing was deleted.' };
  }
  const { product, further, effectIds } = done.value;
  const mayRestore = context.missing('license.delete') === null;
  const lines = [
    `${productName(product)} is deleted, and with it ${describeLicenses(done.value)}.`,
    ...(further === 0 ? [] : [describeKept(further, true)]),
    `\`/product restore\` with its name brings them back for 30 days.`,
  ];
  return changeReply(
    context,
    effectIds,
    { title: 'Product deleted', lines, tone: 'warning' },
    { buttons: mayRestore ? [button(context.customId(restoreHandler, [product.id]), 'Restore it')] : [] },
  );
}

export function describeLoss(info: ProductInfo): readonly string[] {
  const { product, licenses, further } = info;
  return [
    `**${escapeText(product.name)}** goes with ${describeLicenses(info)}.`,
    ...(licenses === 0 ? [] : ['They are refused from the next check on, and their owners lose the roles.']),
    ...(further === 0 ? [] : [describeKept(further, false)]),
    'It can be restored for 30 days.',
    `To delete it, press the button and type its name: ${codeText(product.name)}`,
  ];
}
