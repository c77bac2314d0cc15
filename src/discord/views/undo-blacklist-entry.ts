import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type BlacklistEntry, blacklistTypes } from '../../domain/blacklist/blacklist.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result } from '../../domain/values/result.ts';
import type { GuildContext } from '../framework/command-context.ts';

const date = z.iso.datetime().pipe(z.coerce.date());
const entrySchema = z.object({
  id: z.number(),
  guildId: z.string(),
  type: z.enum(blacklistTypes),
  value: z.string(),
  match: z.string(),
  reason: z.string().nullable(),
  expiresAt: date.nullable(),
  hits: z.number(),
  createdAt: date,
  createdBy: z.string(),
} satisfies Record<keyof BlacklistEntry, z.ZodType>);
const changeSchema = z.object({ was: entrySchema.nullable(), is: entrySchema.nullable() });

/** What a change of the blacklist did: `was` is gone or replaced, `is` is there instead. */
export interface EntryChange {
  readonly was: BlacklistEntry | null;
  readonly is: BlacklistEntry | null;
}

/** Handler of *Undo* under a change of the blacklist; its state is the token of `saveEntryChange`. */
export const undoHandler = 'blacklist-undo';

/** Far more than staff add by hand in the 15 minutes in which a removal can be undone. */
const recentEntries = 100;

/** Saves a change; the token is for `undoEntryChange`. */
export function saveEntryChange(context: GuildContext, change: EntryChange): Promise<string> {
  return context.saveState(change);
}

/** Reverts the change, unless the entry was changed since. */
export async function undoEntryChange(
  context: GuildContext,
  token: string,
): Promise<Result<EntryChange, CommandError>> {
  const change = await context.savedState(token, changeSchema);
  const entry = change?.is ?? change?.was;
  if (!change || !entry || !(await isUntouched(context, change))) return fail({ code: 'undo-too-late' });
  const { was, is } = change;
  const undone = await context.services.blacklist.undo({ ...context.by, entry, replaced: was });
  return undone.ok ? { ok: true, value: { was: is, is: was } } : undone;
}

async function isUntouched({ services, guildId }: GuildContext, { was, is }: EntryChange): Promise<boolean> {
  if (is) {
    const [now] = await services.blacklist.list(guildId, is.type, { limit: 1, beforeId: is.id + 1 });
    // Checks count hits all the time; that is no change of the entry.
    return now !== undefined && isDeepStrictEqual({ ...now, hits: 0 }, { ...is, hits: 0 });
  }
  const page = { limit: recentEntries, beforeId: null };
  const newest = was ? await services.blacklist.list(was.guildId, was.type, page) : [];
  return !newest.some(({ match }) => match === was?.match);
}
