import { isDeepStrictEqual } from 'node:util';
import type { BlacklistEntry } from '../../domain/blacklist.ts';
import type { CommandError } from '../../domain/command-error.ts';
import { fail, type Result } from '../../domain/result.ts';
import type { GuildContext } from '../framework/context.ts';

/** What a change of the blacklist did: `was` is gone or replaced, `is` is there instead. */
export interface EntryChange {
  readonly was: BlacklistEntry | null;
  readonly is: BlacklistEntry | null;
}

/** An entry as it comes back from where state is kept, with its dates as texts. */
type SavedEntry = Omit<BlacklistEntry, 'createdAt' | 'expiresAt'> & {
  readonly createdAt: string;
  readonly expiresAt: string | null;
};

/** Handler of *Undo* under a change of the blacklist; its state is the token of `saveEntryChange`. */
export const undoHandler = 'blacklist-undo';

/** Among so many entries the newest of 15 minutes are found, when somebody puts back what was removed. */
const recentEntries = 100;

/** The token by which `undoEntryChange` finds it again. */
export function saveEntryChange(context: GuildContext, change: EntryChange): Promise<string> {
  return context.saveState(change);
}

/** Takes the change back, unless the entry was changed since. */
export async function undoEntryChange(
  context: GuildContext,
  token: string,
): Promise<Result<EntryChange, CommandError>> {
  const saved = (await context.savedState(token)) as Record<keyof EntryChange, SavedEntry | null> | null;
  const [was, is] = [reviveEntry(saved?.was ?? null), reviveEntry(saved?.is ?? null)];
  const entry = is ?? was;
  if (!entry || !(await isUntouched(context, { was, is }))) return fail({ code: 'undo-too-late' });
  const undone = await context.services.blacklist.undo({ ...context.by, entry, replaced: was });
  return undone.ok ? { ok: true, value: { was: is, is: was } } : undone;
}

function reviveEntry(saved: SavedEntry | null): BlacklistEntry | null {
  if (!saved) return null;
  const { createdAt, expiresAt } = saved;
  return { ...saved, createdAt: new Date(createdAt), expiresAt: expiresAt === null ? null : new Date(expiresAt) };
}

async function isUntouched({ services, guildId }: GuildContext, { was, is }: EntryChange): Promise<boolean> {
  if (is) {
    const [now] = await services.blacklist.list(guildId, is.type, { limit: 1, beforeId: is.id + 1 });
    // Hits go on by themselves.
    return now !== undefined && isDeepStrictEqual({ ...now, hits: 0 }, { ...is, hits: 0 });
  }
  const page = { limit: recentEntries, beforeId: null };
  const newest = was ? await services.blacklist.list(was.guildId, was.type, page) : [];
  return !newest.some(({ match }) => match === was?.match);
}
