import type { APIButtonComponent } from 'discord.js';
import type { Reply } from './reply.ts';
import { row } from './components.ts';
import type { CommandContext } from './command-context.ts';
import { type Card, embed } from './embed.ts';

/**
 * The reply to a change: an embed that says what was done and may be posted, and above it, for the staff member alone,
 * which DMs and roles could not be delivered.
 */
export async function changeReply(
  context: CommandContext,
  effectIds: readonly number[],
  card: Card,
  {
    buttons = [],
    warnings = [],
  }: { readonly buttons?: readonly APIButtonComponent[]; readonly warnings?: readonly string[] } = {},
): Promise<Reply> {
  const { lines, rows } = await context.delivered(effectIds);
  return {
    content: [...warnings, ...lines].map((line) => `⚠️ ${line}`).join('\n'),
    embeds: [embed({ tone: 'good', ...card })],
    rows: [...(buttons.length === 0 ? [] : [row(...buttons)]), ...rows],
    postable: true,
  };
}
