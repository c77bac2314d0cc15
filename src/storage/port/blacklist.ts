import type { BlacklistEntry, BlacklistType } from '../../domain/blacklist.ts';
import type { Page } from './page.ts';
import type { Recorded, Trail } from './trail.ts';

export type NewBlacklistEntry = Omit<BlacklistEntry, 'id' | 'guildId' | 'hits' | 'createdAt' | 'match'> & {
  /** null for a key, whose look-up hash only the store can make of `key`. */
  readonly match: string | null;
  readonly key: string | null;
};

export interface Blacklist {
  /** An entry for the same thing is replaced: reason and end, hits kept. */
  addBlacklistEntry(
    guildId: string,
    entry: NewBlacklistEntry,
    trail: (made: BlacklistEntry) => Trail,
  ): Promise<{ readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null } & Recorded>;
  removeBlacklistEntry(guildId: string, id: number, trail: Trail): Promise<BlacklistEntry | null>;
  blacklist(guildId: string, query: { readonly type?: BlacklistType }, page: Page): Promise<readonly BlacklistEntry[]>;
  countBlacklist(guildId: string): Promise<number>;
  /** The entry for exactly this; a key is given in clear. */
  blacklistEntry(
    guildId: string,
    of: { readonly type: BlacklistType; readonly match: string } | { readonly type: 'key'; readonly key: string },
  ): Promise<BlacklistEntry | null>;
  /** Removes entries whose end has passed (they bind nobody since that instant) with an audit event each; at most `limit`. */
  endBlacklistEntries(now: Date, limit: number): Promise<number>;
}
