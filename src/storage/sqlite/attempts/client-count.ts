import type { Attempts } from '../../port/attempts.ts';
import type { SqliteStore } from '../connection.ts';
import { createIdSet } from '../../id-set.ts';
import { createGuildScan, newest } from './guild-scan.ts';

export function createClientCount(store: SqliteStore): Attempts['countClients'] {
  const scanGuild = createGuildScan(store);

  return async (guildId, productId, since, isDenied) => {
    const licenses = createIdSet();
    await scanGuild({
      guildId,
      query: { productId, result: 'granted', since, quiet: true },
      start: newest,
      limit: Infinity,
      select: (where) =>
        `SELECT DISTINCT license_id, version FROM attempts a WHERE ${where} AND license_id IS NOT NULL`,
      take: (rows) => {
        for (const { license_id: licenseId, version } of rows) {
          if (!licenses.has(licenseId as number) && isDenied(version as string | null))
            licenses.add(licenseId as number);
        }
        return [];
      },
    });
    return licenses.size();
  };
}
