import type { Attempt } from '../../domain/attempt.ts';
import type { BlacklistEntry, BlacklistType } from '../../domain/blacklist/blacklist.ts';
import type { BindingKind } from '../../domain/limits.ts';
import type { Page } from './page.ts';
import type { Recorded, Trail } from './trail.ts';

/** An entry to be stored: `match` or, for a license key, `key` is given, and the other one is null. */
export type NewBlacklistEntry = Omit<BlacklistEntry, 'id' | 'guildId' | 'hits' | 'createdAt' | 'match'> & {
  readonly match: string | null;
  /** The license key in clear. The store keeps only its look-up hash and its masked suffix. */
  readonly key: string | null;
};

/** What of a granted check a blacklist entry may match. */
export type GrantOrigin = Pick<Attempt, 'declaredIp' | 'observedIp' | 'hwid' | 'country'> & {
  readonly licenseId: number;
};

/** Which bindings and grants a blacklist entry would match. */
export interface ReachQuery {
  /** Bindings that were last seen before this instant, and grants that were made before it, are left out. */
  readonly since: Date;
  /** The grants at or after this instant, which is not before `since`, are counted. */
  readonly countSince: Date;
  /** null: no binding can match. */
  readonly bindings: {
    readonly kind: BindingKind;
    readonly matches: (value: string) => boolean;
    /**
     * Where matching values of slots may be, in the order of code points; both ends are included. The ranges are
     * searched in this order.
     */
    readonly ranges: readonly { readonly from: string; readonly to: string }[];
  } | null;
  readonly matches: (grant: GrantOrigin) => boolean;
  /** At most so many slots, observed values and attempts, each, are looked at: of the last two the newest. */
  readonly maxRows: number;
  /** Licenses are counted up to so many. */
  readonly maxLicenses: number;
}

interface Reach {
  /** Licenses with a matching binding or grant, deleted ones not counted. */
  readonly licenses: number;
  /** Their distinct owners. */
  readonly owners: number;
  /** How many grants were made since `countSince`, and how many of them match. */
  readonly grants: { readonly all: number; readonly matching: number };
  /**
   * false: there may be more than `maxRows` rows, so that the numbers are lower bounds, or more than `maxLicenses`
   * licenses, so that those of licenses and owners are.
   */
  readonly isComplete: boolean;
}

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
   * The entries with one of these matches that are in force at `now`, in no particular order. `ipMatches` and
   * `rangeMatches` make the matches of addresses.
   */
  denyingEntries(
    guildId: string,
    type: BlacklistType,
    matches: readonly string[],
    now: Date,
  ): Promise<readonly BlacklistEntry[]>;
  /**
   * What an entry would hit in this guild, by bindings and grants. It reads in steps, between which checks run, and uses
   * no index that checks would have to keep up.
   */
  blacklistReach(guildId: string, query: ReachQuery): Promise<Reach>;
  /**
   * Removes at most `limit` entries of all guilds whose end is at or before `now`, and stores an audit event for each
   * in the same commit. Returns how many. Checks ignore an entry from its end on, whether it was removed or not.
   */
  endBlacklistEntries(now: Date, limit: number): Promise<number>;
}
