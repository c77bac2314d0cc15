import { z } from 'zod';
import { blacklistTypes } from '../../domain/blacklist.ts';
import { describeCommandError } from '../../texts/command-errors.ts';
import type { EntryAdded } from '../../services/blacklist.ts';
import type { Reply } from '../framework/reply.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { describeEntryEnd, describeImpact, entryName } from '../texts/blacklist.ts';
import type { Card } from '../framework/embed.ts';
import { escapeText } from '../texts/escape-text.ts';
import { undoButton } from '../framework/undo.ts';
import { saveEntryChange, undoHandler } from './undo-blacklist-entry.ts';

export const blacklistInputSchema = z.object({
  type: z.enum(blacklistTypes),
  value: z.string(),
  reason: z.string().nullable(),
  for: z.string().optional(),
});
/** What was typed: the value and its term as text. */
export type BlacklistInput = Readonly<z.infer<typeof blacklistInputSchema>>;

/** Blacklists a value and reports it, with *Undo*. */
export async function addBlacklistEntry(context: GuildContext, input: BlacklistInput): Promise<Reply | string> {
  const done = await context.services.blacklist.add({ ...context.by, ...input });
  if (!done.ok) return describeCommandError(done.error);
  const { entry, replaced, effectIds } = done.value;
  const token = await saveEntryChange(context, { was: replaced, is: entry });
  return changeReply(context, effectIds, describeAdded(done.value), {
    buttons: [undoButton(context, undoHandler, [token])],
  });
}

export function describeAdded({ entry, replaced, impact }: Omit<EntryAdded, 'effectIds'>): Card {
  return {
    title: 'Blacklisted',
    lines: [
      `#${entry.id} ${entryName(entry)} is refused from the next check on. ${describeEntryEnd(entry)}`,
      describeImpact(impact),
      ...(entry.reason === null ? [] : [`Reason: ${escapeText(entry.reason, 500)}`]),
      ...(replaced ? ['It was on the blacklist before; its reason and end are new.'] : []),
    ],
    tone: 'warning',
  };
}
