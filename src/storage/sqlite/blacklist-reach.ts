import type { Blacklist, GrantOrigin, ReachQuery } from '../port/blacklist.ts';
import type { Row } from './columns.ts';
import type { SqliteStore } from './connection.ts';
import { rowsPerWindow, scan } from './steps.ts';

/**
 * How many rows are matched in one read transaction. Matching an address takes some microseconds, so that a window of
 * `rowsPerWindow` would hold up checks.
 */
const matchesPerWindow = 250;

/** For each row that was looked at: the license that it shows to be hit; null: it does not match. */
type Hits = readonly (number | null)[];

interface Held {
  readonly license_id: number;
  readonly value: string;
}

interface Observed extends Held {
  readonly kind: string;
  readonly last_seen: number;
}

/**
 * An index of attempts by address would cost each check another page. Attempts are therefore searched by their time,
 * newest first, and slots by their values, which are indexed.
 */
export function createBlacklistReach(store: SqliteStore): Pick<Blacklist, 'blacklistReach'> {
  const { statement } = store;

  /** The slots with values in one range. The index holds those of all guilds. */
  function searchSlots(
    guildId: string,
    { since }: ReachQuery,
    { kind, matches }: NonNullable<ReachQuery['bindings']>,
    { from, to }: { readonly from: string; readonly to: string },
    maxRows: number,
  ): Promise<Hits> {
    const slots = statement(`
      SELECT license_id, value FROM slots WHERE kind = ? AND value <= ? AND (value, license_id) > (?, ?)
      ORDER BY value, license_id LIMIT ?`);
    const held = statement(`
      SELECT 1 FROM slots s JOIN licenses l ON l.id = s.license_id
      WHERE s.license_id = ? AND s.kind = ? AND s.value = ? AND s.released_at IS NULL AND s.last_seen >= ?
      AND l.guild_id = ?`);
    return scan<number | null, Held>(store, { value: from, license_id: 0 }, maxRows, (after, wanted) => {
      const size = Math.min(matchesPerWindow, wanted);
      const rows = slots.all(kind, to, after.value, after.license_id, size) as unknown as readonly Held[];
      const found = rows.map(({ license_id: id, value }) =>
        matches(value) && held.get(id, kind, value, since.getTime(), guildId) ? id : null,
      );
      return { found, next: rows.length < size ? null : (rows.at(-1) ?? null) };
    });
  }

  function searchObserved(
    guildId: string,
    { since, maxRows }: ReachQuery,
    { kind, matches }: NonNullable<ReachQuery['bindings']>,
  ): Promise<Hits> {
    const observed = statement(`
      SELECT license_id, kind, value, last_seen, released_at FROM observed_values
      WHERE guild_id = ? AND last_seen >= ? AND (last_seen, license_id, kind, value) < (?, ?, ?, ?)
      ORDER BY last_seen DESC, license_id DESC, kind DESC, value DESC LIMIT ?`);
    const start: Observed = { last_seen: Number.MAX_SAFE_INTEGER, license_id: 0, kind: '', value: '' };
    return scan(store, start, maxRows, ({ last_seen: seen, license_id: id, ...last }, wanted) => {
      const size = Math.min(matchesPerWindow, wanted);
      const rows = observed.all(guildId, since.getTime(), seen, id, last.kind, last.value, size);
      const found = (rows as unknown as readonly (Observed & { readonly released_at: number | null })[]).map((row) =>
        row.kind === kind && row.released_at === null && matches(row.value) ? row.license_id : null,
      );
      return { found, next: rows.length < size ? null : (rows.at(-1) as unknown as Observed) };
    });
  }

  async function searchGrants(guildId: string, { since, countSince, matches, maxRows }: ReachQuery) {
    const attempts = statement(`
      SELECT at, id, result, license_id, declared_ip, observed_ip, hwid, country FROM attempts
      WHERE guild_id = ? AND at >= ? AND at <= ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?`);
    const counted = { all: 0, matching: 0 };
    const newest = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
    const hits: Hits = await scan(store, newest, maxRows, ({ at, id }, wanted) => {
      const size = Math.min(matchesPerWindow, wanted);
      const rows = attempts.all(guildId, since.getTime(), at, at, id, size) as readonly Row[];
      const found = rows.map((row) => {
        if (row.result !== 'granted') return null;
        const isHit = matches(originOf(row));
        if ((row.at as number) >= countSince.getTime()) {
          counted.all += 1;
          if (isHit) counted.matching += 1;
        }
        return isHit ? (row.license_id as number) : null;
      });
      const last = rows.length < size ? undefined : rows.at(-1);
      return { found, next: last ? { at: last.at as number, id: last.id as number } : null };
    });
    return { hits, counted };
  }

  /** How many of the licenses are not deleted, and how many distinct owners these have. */
  async function countAlive(guildId: string, licenseIds: readonly number[]) {
    const alive = statement(`
      SELECT owner_id FROM licenses WHERE id IN (SELECT value FROM json_each(?1)) AND guild_id = ?2 AND deleted_at IS NULL
      AND product_id IN (SELECT id FROM products WHERE guild_id = ?2 AND deleted_at IS NULL)`);
    const rows = await scan(store, 0, Infinity, (start) => {
      const end = start + rowsPerWindow;
      const found = alive.all(JSON.stringify(licenseIds.slice(start, end)), guildId);
      return { found, next: end < licenseIds.length ? end : null };
    });
    const owners = new Set(rows.map((row) => row.owner_id).filter((owner) => owner !== null));
    return { licenses: rows.length, owners: owners.size };
  }

  return {
    blacklistReach: async (guildId, query) => {
      const { bindings, maxRows } = query;
      const slots: (number | null)[] = [];
      for (const range of bindings?.ranges ?? []) {
        if (!bindings || slots.length >= maxRows) break;
        for (const hit of await searchSlots(guildId, query, bindings, range, maxRows - slots.length)) slots.push(hit);
      }
      const observed = bindings ? await searchObserved(guildId, query, bindings) : [];
      const { hits, counted } = await searchGrants(guildId, query);
      const licenseIds = new Set([...slots, ...observed, ...hits].filter((id) => id !== null));
      return {
        ...(await countAlive(guildId, [...licenseIds])),
        grants: counted,
        isComplete: [slots, observed, hits].every((rows) => rows.length < maxRows),
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
