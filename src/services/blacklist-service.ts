import type { BlacklistEntry, BlacklistType } from '../domain/blacklist.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { Result } from '../domain/result.ts';
import type { Page } from '../storage/port/page.ts';
import type { By } from './context.ts';

/** Whom an entry hits. null: cannot be counted (countries). */
export interface Impact {
  readonly licenses: number | null;
  readonly owners: number | null;
}

export interface AddEntryInput extends By {
  readonly type: BlacklistType;
  readonly value: string;
  readonly reason?: string | null | undefined;
  /** `7d`, a date, `never`. Left out: 30 days for an IP, else never. */
  readonly for?: string | undefined;
}

export interface EntryAdded {
  readonly entry: BlacklistEntry;
  /** The entry as it was before; undo puts its reason and end back. */
  readonly replaced: BlacklistEntry | null;
  readonly impact: Impact;
  readonly effectIds: readonly number[];
}

export interface BlacklistService {
  /** Refuses: blacklist-value-invalid, invalid-expiry, invalid-duration. */
  add(input: AddEntryInput): Promise<Result<EntryAdded, Refusal>>;
  /** How many licenses and owners such an entry hits; changes nothing. */
  preview(guildId: string, type: BlacklistType, value: string): Promise<Result<Impact, Refusal>>;
  /** Refuses: blacklist-not-found. */
  remove(input: By & { readonly id: number }): Promise<Result<BlacklistEntry, Refusal>>;
  /** The entry for exactly this value. Refuses: blacklist-not-found, blacklist-value-invalid. */
  find(guildId: string, type: BlacklistType, value: string): Promise<Result<BlacklistEntry, Refusal>>;
  /** Takes an `add` back: removes the entry, or restores the one it replaced. */
  undo(
    input: By & { readonly entry: BlacklistEntry; readonly replaced: BlacklistEntry | null },
  ): Promise<Result<BlacklistEntry, Refusal>>;
  list(guildId: string, type: BlacklistType | null, page: Page): Promise<readonly BlacklistEntry[]>;
  count(guildId: string): Promise<number>;
  /** Entries that match the text as an address, HWID, user, country or key. */
  check(guildId: string, text: string): Promise<readonly BlacklistEntry[]>;
}
