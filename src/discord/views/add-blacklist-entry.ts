import { z } from 'zod';
import { blacklistTypes } from '../../domain/blacklist/blacklist.ts';
import { describeImpact } from '../../texts/blacklist-impact.ts';
import { describeCommandError } from '../texts/command-errors.ts';
import type { EntryAdded } from '../../services/blacklist.ts';
import type { BlacklistAssessment } from '../../domain/blacklist/blacklist-impact.ts';
import type { Reply } from '../framework/reply.ts';
import { changeReply } from '../framework/change-reply.ts';
import type { GuildContext } from '../framework/command-context.ts';
import { createDialog } from '../framework/dialog.ts';
import { describeEntryEnd, describeEntryQuestion, entryName } from '../texts/blacklist.ts';
import type { Card } from '../framework/embed.ts';
import { escapeText } from '../texts/escape-text.ts';
import { undoButton } from '../framework/undo.ts';
import { saveEntryChange, undoHandler } from './undo-blacklist-entry.ts';

/** What was typed: the value and its term as text. */
export interface BlacklistInput {
  readonly type: (typeof blacklistTypes)[number];
  readonly value: string;
  readonly reason: string | null;
  readonly for?: string | undefined;
}

/** While a question is open, a key is saved as the id of its license: keys must not be stored in clear. */
const askedSchema = z.object({
  type: z.enum(blacklistTypes),
  value: z.string(),
  reason: z.string().nullable(),
  for: z.string().optional(),
  mustType: z.boolean(),
});

/** Asks about an entry that may hit more than was meant. Its handler belongs to `/blacklist add`. */
export const blacklistDialog = createDialog({
  handler: 'blacklist-add-go',
  input: askedSchema,
  question: () => null,
  retype: {
    title: 'Blacklist it?',
    field: { id: 'value', label: 'Type the value', description: 'As the message shows it', maxLength: 1024 },
    isNeeded: ({ mustType }) => mustType,
  },
  run: (context, { mustType: _, ...input }, typed) => addOrAsk(context, input, typed ?? true),
});

/** Blacklists a value and reports it, with *Undo*; asks first where it needs a confirmation. */
export function addBlacklistEntry(context: GuildContext, input: BlacklistInput): Promise<Reply | string> {
  return addOrAsk(context, input, false);
}

/** The question about an entry that needs a confirmation. */
export function askAboutEntry(
  context: GuildContext,
  input: BlacklistInput,
  assessment: BlacklistAssessment,
): Promise<Reply> {
  const { confirmWith } = assessment;
  const value = input.type === 'key' ? (confirmWith ?? '') : input.value;
  const asked = { ...input, value, mustType: confirmWith !== null };
  return blacklistDialog.ask(context, asked, describeEntryQuestion(assessment));
}

async function addOrAsk(
  context: GuildContext,
  input: BlacklistInput,
  confirmed: boolean | string,
): Promise<Reply | string> {
  const done = await context.services.blacklist.add({ ...context.by, ...input, confirmed });
  if (!done.ok) {
    if (done.error.code !== 'blacklist-unconfirmed') return describeCommandError(done.error);
    const question = await askAboutEntry(context, input, done.error.assessment);
    const wasTyped = typeof confirmed === 'string';
    return wasTyped ? { ...question, content: 'That is something else; nothing was blacklisted.' } : question;
  }
  const { entry, replaced, impact, effectIds } = done.value;
  const token = await saveEntryChange(context, { was: replaced, is: entry });
  return changeReply(context, effectIds, describeAdded(done.value), {
    buttons: [undoButton(context, undoHandler, [token])],
    warnings: impact.licenses === 0 ? [`${describeImpact(entry.type, impact)} Check it for a typing error.`] : [],
  });
}

export function describeAdded({ entry, replaced, impact }: Omit<EntryAdded, 'effectIds'>): Card {
  return {
    title: 'Blacklisted',
    lines: [
      `#${entry.id} ${entryName(entry)} is refused from the next check on. ${describeEntryEnd(entry)}`,
      describeImpact(entry.type, impact),
      ...(entry.reason === null ? [] : [`Reason: ${escapeText(entry.reason, 500)}`]),
      ...(replaced ? ['It was on the blacklist before; its reason and end are new.'] : []),
    ],
    tone: 'warning',
  };
}
