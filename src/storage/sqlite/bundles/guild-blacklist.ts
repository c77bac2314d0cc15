import type { SQLInputValue } from 'node:sqlite';
import {
  type BlacklistReader,
  type BlacklistType,
  ipMatches,
  type ListedEntry,
} from '../../../domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../domain/blacklist/blacklist-index.ts';
import type { Prepare } from '../database/database.ts';
import { dateOf } from '../fields.ts';
import type { BlacklistRow } from './rows.ts';

/**
 * A guild's blacklist, as checks ask it. It is loaded in windows, between which checks run; until it is loaded, checks
 * are answered from the database. So the first check after the start does not wait for 100,000 entries.
 */
export interface GuildBlacklist extends BlacklistReader {
  /** Reads an entry again that was added, replaced or removed. */
  reload(id: number): void;
  /** Ends the loading: this object is not asked any more. */
  drop(): void;
}

type ListedRow = readonly [id: number, type: BlacklistType, match: string, expiresAt: number | null];

/** How many entries are read at a time, in some 2 ms of the processor. */
export const windowSize = 500;

/**
 * `prepare` returns a statement on the connection whose transaction runs, or on any between transactions. `inTurn` runs
 * a window in a later turn of the event loop, with no other window in the same turn.
 */
export function createGuildBlacklist(
  guildId: string,
  prepare: Prepare,
  inTurn: (loadWindow: () => void) => void,
): GuildBlacklist {
  const index = createBlacklistIndex();
  /** All entries with an id up to this one are in the index; Infinity: it is complete. */
  let loadedUpTo = 0;
  let isScheduled = false;
  let isDropped = false;

  function loadWindow(): void {
    const rows = readEntries(prepare, 'id > ? ORDER BY id LIMIT ?', guildId, loadedUpTo, windowSize);
    for (const entry of rows) index.add(entry);
    loadedUpTo = rows.length < windowSize ? Infinity : (rows.at(-1)?.id ?? Infinity);
  }

  function loadNext(): void {
    isScheduled = false;
    if (isDropped) return;
    loadWindow();
    schedule();
  }

  function schedule(): void {
    if (isScheduled || loadedUpTo === Infinity) return;
    isScheduled = true;
    inTurn(loadNext);
  }

  function isLoaded(): boolean {
    schedule();
    return loadedUpTo === Infinity;
  }

  function findStored(type: BlacklistType, matches: readonly string[], now: Date): number | null {
    const ids = new Map(denyingRows(prepare, guildId, type, matches, now).map(({ match, id }) => [match, id]));
    const first = matches.find((match) => ids.has(match));
    return first === undefined ? null : (ids.get(first) ?? null);
  }

  return {
    findIp: (texts, now) => (isLoaded() ? index.findIp(texts, now) : findStored('ip', ipMatches(texts), now)),
    find: (type, match, now) => (isLoaded() ? index.find(type, match, now) : findStored(type, [match], now)),
    reload: (id) => {
      // The others are read with their window, which begins later.
      if (id > loadedUpTo) return;
      index.remove(id);
      for (const entry of readEntries(prepare, 'id = ?', guildId, id)) index.add(entry);
    },
    drop: () => {
      isDropped = true;
    },
  };
}

/** The entries with one of these matches that are in force. */
export function denyingRows(
  prepare: Prepare,
  guildId: string,
  type: BlacklistType,
  matches: readonly string[],
  now: Date,
): readonly BlacklistRow[] {
  const sql = `SELECT * FROM blacklist WHERE guild_id = ? AND type = ?
    AND match IN (SELECT value FROM json_each(?)) AND (expires_at IS NULL OR expires_at > ?)`;
  return prepare(sql).all(guildId, type, JSON.stringify(matches), now.getTime()) as unknown as readonly BlacklistRow[];
}

/** Reads rows as lists, because node:sqlite takes twice as long to build objects. */
function readEntries(prepare: Prepare, where: string, ...params: readonly SQLInputValue[]): readonly ListedEntry[] {
  const select = prepare(`SELECT id, type, match, expires_at FROM blacklist WHERE guild_id = ? AND ${where}`);
  select.setReturnArrays(true);
  const rows = select.all(...params) as unknown as readonly ListedRow[];
  return rows.map(([id, type, match, expiresAt]) => ({ id, type, match, expiresAt: dateOf(expiresAt) }));
}
