import type { APIButtonComponent } from 'discord.js';
import type { Reply, Row } from './reply.ts';
import { row } from './components.ts';
import type { CommandContext, Delivery } from './command-context.ts';
import { type Card, embed } from './embed.ts';

interface Additions {
  readonly buttons?: readonly APIButtonComponent[];
  /** Rows above the buttons, such as a select. */
  readonly rows?: readonly Row[];
  readonly warnings?: readonly string[];
}

/**
 * The reply to a change: an embed that says what was done and may be posted, and above it, for the staff member alone,
 * what becomes of DMs and roles. It is shown at once, and says later how they ended.
 */
export async function changeReply(
  context: CommandContext,
  effectIds: readonly number[],
  card: Card,
  { buttons = [], rows: above = [], warnings = [] }: Additions = {},
): Promise<Reply> {
  const report = context.delivery(effectIds);
  const withDelivery = ({ lines, rows }: Delivery) => ({
    content: [...warnings.map((line) => `⚠️ ${line}`), ...lines].join('\n'),
    rows: [...above, ...(buttons.length === 0 ? [] : [row(...buttons)]), ...rows],
  });
  const first = await report.soFar();
  return {
    ...withDelivery(first),
    embeds: [embed({ tone: 'good', ...card })],
    postable: true,
    ...(!first.isOver && { later: async () => withDelivery(await report.end()) }),
  };
}
