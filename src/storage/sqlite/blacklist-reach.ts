import type { Blacklist, GrantOrigin, ReachQuery } from '../port/blacklist.ts';
import type { Row } from './columns.ts';
import type { SqliteStore } from './connection.ts';
import { scan } from './steps.ts';

/**
 * How many rows are matched in one read transaction. Matching an address takes some microseconds, so that a window of
 * `rowsPerWindow` would hold up checks.
 */
const matchesPerWindow = 250;

/** A search under way: `hits` are the licenses that were found so far. */
interface Search extends ReachQuery {
  readonly guildId: string;
  readonly hits: Set<number>;
}

type Bindings = NonNullable<ReachQuery['bindings']>;

interface Held {
  readonly license_id: number;
  readonly value: string;
}

interface Observed extends Held {
  readonly kind: string;
  readonly last_seen: number;
  readonly released_at: number | null;
}

type Grant = Row & { readonly at: number; readonly id: number };

const isFull = ({ hits, maxLicenses }: Search) => hits.size >= maxLicenses;

/**
 * An index of attempts by address would cost each check another page. Attempts are therefore searched by their time,
 * newest first, and slots by their values, which are indexed.
 */
export function createBlacklistReach(store: SqliteStore): Pick<Blacklist, 'blacklistReach'> {
  const { statement } = store;

  /**
   * Reads rows in windows, each after the row at which the one before ended, until `maxRows` were looked at, none are left
   * or `look` returns false. Returns how many were looked at.
   */
  async function lookAtRows<R>(
    start: R,
    maxRows: number,
    read: (after: R, size: number) => readonly R[],
    look: (row: R) => boolean,
  ): Promise<number> {
    let looked = 0;
    await scan(store, start, Infinity, (after) => {
      const size = Math.min(matchesPerWindow, maxRows - looked);
      const rows = read(after, size);
      looked += rows.length;
      const isOver = !rows.every(look) || rows.length < size || looked === maxRows;
      return { found: [], next: isOver ? null : (rows.at(-1) ?? null) };
    });
    return looked;
  }

  /** The slots with values in one range. The index holds those of all guilds. */
  function searchSlots(
    search: Search,
    { kind, matches }: Bindings,
    { from, to }: Bindings['ranges'][number],
    maxRows: number,
  ): Promise<number> {
    const slots = statement(`
      SELECT license_id, value FROM slots WHERE kind = ? AND value <= ? AND (value, license_id) > (?, ?)
      ORDER BY value, license_id LIMIT ?`);
    const held = statement(`
      SELECT 1 FROM slots s JOIN licenses l ON l.id = s.license_id
      WHERE s.license_id = ? AND s.kind = ? AND s.value = ? AND s.released_at IS NULL AND s.last_seen >= ?
      AND l.guild_id = ?`);
    const since = search.since.getTime();
    return lookAtRows<Held>(
      { value: from, license_id: 0 },
      maxRows,
      (after, size) => slots.all(kind, to, after.value, after.license_id, size) as unknown as readonly Held[],
      ({ license_id: id, value }) => {
        if (matches(value) && held.get(id, kind, value, since, search.guildId)) search.hits.add(id);
        return !isFull(search);
      },
    );
  }

  function searchObserved(search: Search, { kind, matches }: Bindings): Promise<number> {
    const observed = statement(`
      SELECT license_id, kind, value, last_seen, released_at FROM observed_values
      WHERE guild_id = ? AND last_seen >= ? AND (last_seen, license_id, kind, value) < (?, ?, ?, ?)
      ORDER BY last_seen DESC, license_id DESC, kind DESC, value DESC LIMIT ?`);
    const ofGuild = [search.guildId, search.since.getTime()] as const;
    return lookAtRows<Observed>(
      { last_seen: Number.MAX_SAFE_INTEGER, license_id: 0, kind: '', value: '', released_at: null },
      search.maxRows,
      (last, size) => {
        const position = [last.last_seen, last.license_id, last.kind, last.value] as const;
        return observed.all(...ofGuild, ...position, size) as unknown as readonly Observed[];
      },
      (row) => {
        if (row.kind === kind && row.released_at === null && matches(row.value)) search.hits.add(row.license_id);
        return !isFull(search);
      },
    );
  }

  async function searchGrants(search: Search) {
    const attempts = statement(`
      SELECT at, id, result, license_id, declared_ip, observed_ip, hwid, country FROM attempts
      WHERE guild_id = ? AND at >= ? AND at <= ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`);
    const { guildId, matches, hits } = search;
    const [since, countSince] = [search.since.getTime(), search.countSince.getTime()];
    const grants = { all: 0, matching: 0 };
    const rows = await lookAtRows<Grant>(
      { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER },
      search.maxRows,
      ({ at, id }, size) => attempts.all(guildId, since, at, at, id, size) as unknown as readonly Grant[],
      (row) => {
        const isCounted = row.at >= countSince;
        if (row.result !== 'granted') return isCounted || !isFull(search);
        const isHit = matches(originOf(row));
        if (isHit && !isFull(search)) hits.add(row.license_id as number);
        if (isCounted) grants.all += 1;
        if (isCounted && isHit) grants.matching += 1;
        return isCounted || !isFull(search);
      },
    );
    return { rows, grants };
  }

  /** How many of the licenses are not deleted, and how many distinct owners these have. */
  async function countAlive(guildId: string, licenseIds: readonly number[]) {
    const alive = statement(`
      SELECT owner_id FROM licenses WHERE id IN (SELECT value FROM json_each(?1)) AND guild_id = ?2 AND deleted_at IS NULL
      AND product_id IN (SELECT id FROM products WHERE guild_id = ?2 AND deleted_at IS NULL)`);
    const rows = await scan(store, 0, Infinity, (start) => {
      const end = start + matchesPerWindow;
      const found = alive.all(JSON.stringify(licenseIds.slice(start, end)), guildId);
      return { found, next: end < licenseIds.length ? end : null };
    });
    const owners = new Set(rows.map((row) => row.owner_id).filter((owner) => owner !== null));
    return { licenses: rows.length, owners: owners.size };
  }

  return {
    blacklistReach: async (guildId, query) => {
      const { bindings, maxRows } = query;
      const search: Search = { ...query, guildId, hits: new Set() };
      let slots = 0;
      for (const range of bindings?.ranges ?? []) {
        if (!bindings || slots >= maxRows || isFull(search)) break;
        slots += await searchSlots(search, bindings, range, maxRows - slots);
      }
      const observed = bindings && !isFull(search) ? await searchObserved(search, bindings) : 0;
      const { rows, grants } = await searchGrants(search);
      return {
        ...(await countAlive(guildId, [...search.hits])),
        grants,
        isComplete: !isFull(search) && [slots, observed, rows].every((looked) => looked < maxRows),
      };
    },
  };
}

function originOf(row: Row): GrantOrigin {
  return {
    licenseId: row.license_id as number,
    declaredIp: row.declared_ip as string | null,
    observedIp: row.observed_ip as string,
    hwid: row.hwid as string | null,
    country: row.country as string | null,
  };
}
