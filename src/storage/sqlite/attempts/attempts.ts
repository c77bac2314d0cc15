import type { AttemptCount, Attempts } from '../../port/attempts.ts';
import type { SqliteStore } from '../connection.ts';
import { attemptColumns } from './attempt-columns.ts';
import { createClientCount } from './client-count.ts';
import { createGuildScan, newest, type Position } from './guild-scan.ts';
import { createLicenseSearch } from './license-search.ts';
import { attemptNames } from './query.ts';
import { createAttemptStatistics } from './statistics.ts';

export function createAttempts(store: SqliteStore): Attempts {
  const scanGuild = createGuildScan(store);
  const searchLicense = createLicenseSearch(store);

  /** The position of the attempt after which the page begins. null: retention deleted it, and so all older ones. */
  function positionOf(guildId: string, beforeId: number | null): Position | null {
    if (beforeId === null) return newest;
    const sql = 'SELECT at, id FROM attempts WHERE id = ? AND guild_id = ?';
    return (store.statement(sql).get(beforeId, guildId) as Position | undefined) ?? null;
  }

  return {
    attempts: async (guildId, query, { beforeId, limit }) => {
      const start = await store.read(() => positionOf(guildId, beforeId));
      if (!start) return [];
      const { licenseId } = query;
      const found =
        licenseId === undefined
          ? scanGuild({
              ...{ guildId, query, start, limit },
              select: (where) =>
                `SELECT ${attemptNames} FROM attempts a WHERE ${where} ORDER BY at DESC, id DESC LIMIT :limit`,
              take: (rows) => rows,
            })
          : searchLicense(guildId, { ...query, licenseId }, start.id, limit);
      return (await found).map(attemptColumns.fromRow);
    },

    // SQLite has one writer at a time, so ids ascend in the order of commits: no lower id is committed later.
    attemptsAfter: (id, limit) =>
      store.read(() => {
        const rows = store.statement('SELECT * FROM attempts WHERE id > ? ORDER BY id LIMIT ?').all(id, limit);
        return rows.map(attemptColumns.fromRow);
      }),

    attemptCounts: (guildId, since) =>
      store.read(() => {
        const sql = 'SELECT * FROM attempt_counts WHERE guild_id = ? AND minute >= ? ORDER BY minute, protocol, result';
        return store
          .statement(sql)
          .all(guildId, since.getTime())
          .map(({ minute, protocol, result, count }) => {
            return { guildId, minute: new Date(minute as number), protocol, result, count } as AttemptCount;
          });
      }),

    attemptStatistics: createAttemptStatistics(store),
    countClients: createClientCount(store),
  };
}
