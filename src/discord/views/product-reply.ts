import type { ProductChanged } from '../../services/products/product-service.ts';
import type { Reply } from '../framework/reply.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { describeProductCard } from '../texts/products.ts';
import { describeWarning } from '../../texts/warnings.ts';

/** The reply to a change of a product: its card, and why the bot cannot give its buyer role, if so. */
export async function productReply(
  context: GuildContext,
  title: string,
  { product, warnings, effectIds }: ProductChanged,
  hints: readonly string[] = [],
): Promise<Reply> {
  const info = await context.services.products.info(context.guildId, product.id);
  const {
    title: name,
    lines = [],
    ...card
  } = describeProductCard(info.ok ? info.value : { product, licenses: 0, owners: 0, further: 0 });
  const { buyerRoleId } = product;
  const why = buyerRoleId === null ? null : await context.discord.unassignableReason(context.guildId, buyerRoleId);
  return changeReply(
    context,
    effectIds,
    { ...card, title: `${title}: ${name ?? ''}`, lines: [...lines, ...hints] },
    {
      warnings: [
        ...warnings.map(describeWarning),
        ...(why === null ? [] : [`I cannot give the buyer role yet: ${why}`]),
      ],
    },
  );
}
