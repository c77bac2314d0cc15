import { dayMs } from '../../../domain/values/calendar.ts';
import type { AttemptQuery } from '../../port/attempts.ts';
import type { Row } from '../columns.ts';
import type { SqliteStore } from '../connection.ts';
import { rowsPerWindow, scan, type Window } from '../steps.ts';
import { countedFilterOf, createRun, filterOf, paramsOf } from './query.ts';

/** Attempts of a guild are ordered by time, and by id within one instant. */
export interface Position {
  readonly at: number;
  readonly id: number;
}

const maxId = Number.MAX_SAFE_INTEGER;
/** Above every attempt. */
export const newest: Position = { at: Number.MAX_SAFE_INTEGER, id: maxId };

export interface GuildScan<T> {
  readonly guildId: string;
  readonly query: AttemptQuery;
  readonly start: Position;
  readonly limit: number;
  /** The `SELECT` of the rows of `attempts a` in one window that match `where`. At most `:limit` of them are wanted. */
  readonly select: (where: string) => string;
  readonly take: (rows: readonly Row[]) => readonly T[];
}

// Each statement has one lower bound of `at`: of two, SQLite would use any, and read on to the lower one.
const attemptsBelow = 'guild_id = :guild AND at <= :at AND (at, id) < (:at, :id)';
/** The last attempt of a window; only the index is read. */
const edgeSql = `SELECT at, id FROM attempts WHERE ${attemptsBelow} AND at >= :low
  ORDER BY at DESC, id DESC LIMIT 1 OFFSET ${rowsPerWindow - 1}`;

/**
 * Returns a function that reads a guild's attempts below a position in windows, the latest first. Days in which no
 * attempt has the wanted result, protocol and product are skipped: a result that never occurs would otherwise be looked
 * for in every attempt of the guild.
 */
export function createGuildScan(store: SqliteStore) {
  const run = createRun(store);

  /** Returns a function that finds the latest day, no later than an instant, in which attempts match. null: none. */
  async function createDayFinder(guildId: string, query: AttemptQuery, counted: string) {
    const params = paramsOf(guildId, query);
    // Attempts that are stored from now on come before the start of the search. `+`: only the new rows are read, by id.
    const fresh = `SELECT DISTINCT at - at % ${dayMs} AS day FROM attempts
      WHERE id > (SELECT last_id FROM attempt_roll_up) AND +guild_id = :guild AND ${counted}`;
    const rolledUp = `SELECT start AS day FROM attempt_statistics
      WHERE guild_id = :guild AND period = 'day' AND start <= :at AND ${counted} ORDER BY start DESC LIMIT 1`;
    const freshDays = await store.read(() => run(fresh, params));
    return (at: number): number | null => {
      const days = [...freshDays, ...run(rolledUp, { ...params, at })].map(({ day }) => day as number);
      const past = days.filter((day) => day <= at);
      return past.length === 0 ? null : Math.max(...past);
    };
  }

  return async <T>({ guildId, query, start, limit, select, take }: GuildScan<T>): Promise<readonly T[]> => {
    const params = paramsOf(guildId, query);
    const since = query.since?.getTime() ?? 0;
    const counted = countedFilterOf(query);
    const findDay = counted === null ? null : await createDayFinder(guildId, query, counted);
    const inWindow = `${attemptsBelow} AND at >= :edgeAt AND (at > :edgeAt OR id >= :edgeId)`;
    const rowsSql = select(`${inWindow} AND ${filterOf(query)}`);

    function readWindow(from: Position, low: number, wanted: number): Window<T, Position> {
      const bounds = { ...params, ...from, low };
      const edge = run(edgeSql, bounds)[0] as Position | undefined;
      const edgeOf = { edgeAt: edge?.at ?? low, edgeId: edge?.id ?? 0, limit: Math.min(wanted, rowsPerWindow) };
      const found = take(run(rowsSql, { ...bounds, ...edgeOf }));
      const earlier = low > since ? { at: low - 1, id: maxId } : null;
      return { found, next: edge ? { at: edge.at, id: edge.id } : earlier };
    }

    return scan(store, start, limit, (from, wanted) => {
      if (findDay === null) return readWindow(from, since, wanted);
      const day = findDay(from.at);
      if (day === null || day + dayMs <= since) return { found: [], next: null };
      const isLater = from.at >= day + dayMs;
      return readWindow(isLater ? { at: day + dayMs - 1, id: maxId } : from, Math.max(since, day), wanted);
    });
  };
}
