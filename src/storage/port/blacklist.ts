import type { BlacklistEntry, BlacklistType } from '../../domain/blacklist.ts';
import type { Page } from './page.ts';
import type { Recorded, Trail } from './trail.ts';

/** An entry to be stored: `match` or, for a license key, `key` is given, and the other one is null. */
export type NewBlacklistEntry = Omit<BlacklistEntry, 'id' | 'guildId' | 'hits' | 'createdAt' | 'match'> & {
  readonly match: string | null;
  /** The license key in clear. The store keeps only its look-up hash and its masked suffix. */
  readonly key: string | null;
};

export interface Blacklist {
  /**
   * Stores an entry. If the guild has an entry of this type and match, that one gets the new reason and end and keeps
   * everything else; `replaced` is what it was before. Of calls that race with the same match, one makes the entry and
   * the others replace it.
   */
  addBlacklistEntry(
    guildId: string,
    entry: NewBlacklistEntry,
    trail: (made: BlacklistEntry) => Trail,
  ): Promise<{ readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null } & Recorded>;
  /** Removes an entry and returns it. null: the guild has no entry with this id. */
  removeBlacklistEntry(guildId: string, id: number, trail: Trail): Promise<BlacklistEntry | null>;
  /** The guild's entries, newest first; with `type` only those of that type. */
  blacklist(guildId: string, query: { readonly type?: BlacklistType }, page: Page): Promise<readonly BlacklistEntry[]>;
  countBlacklist(guildId: string): Promise<number>;
  /** The entry with exactly this match; a license key is given in clear. null: there is none. */
  blacklistEntry(
    guildId: string,
    of: { readonly type: BlacklistType; readonly match: string } | { readonly type: 'key'; readonly key: string },
  ): Promise<BlacklistEntry | null>;
  /**
   * Removes at most `limit` entries of all guilds whose end is at or before `now`, and stores an audit event for each
   * in the same commit. Returns how many. Checks ignore an entry from its end on, whether it was removed or not.
   */
  endBlacklistEntries(now: Date, limit: number): Promise<number>;
}
