import { type Licenses, maxFoldedKeys } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { licenseColumns } from './columns.ts';
import { findLicense } from './find.ts';
import { openKey } from './stored-key.ts';
import { defineContainsText, searchLicenses } from './search.ts';
import { rowsPerWindow, scan } from '../steps.ts';

type Queries = Pick<
  Licenses,
  'license' | 'licenses' | 'countLicensesBy' | 'licenseKey' | 'licensesByFoldedKey' | 'licensesOf'
>;

interface OwnedRow {
  readonly id: number;
  readonly owner_id: string | null;
}

const names = licenseColumns.names.join(', ');
/** A license of a deleted product counts as deleted. */
const isNotDeleted = 'deleted_at IS NULL AND +product_id IN (SELECT id FROM products WHERE deleted_at IS NULL)';

export function createLicenseQueries(store: SqliteStore): Queries {
  const { statement } = store;
  defineContainsText(store);

  return {
    license: (guildId, ref) => store.read(() => findLicense(store, guildId, ref)),

    licenses: async (guildId, query, page) => {
      const rows = await searchLicenses(store, guildId, query, { select: names, ...page });
      return rows.map(licenseColumns.fromRow);
    },

    countLicensesBy: async (guildId, query) => {
      const what = { select: 'count(*) AS count', groupBy: 'guild_id', beforeId: null, limit: Infinity };
      const counts = await searchLicenses(store, guildId, query, what);
      return counts.reduce((sum, { count }) => sum + (count as number), 0);
    },

    licenseKey: (guildId, licenseId) =>
      store.read(() => {
        const sql = 'SELECT lookup, sealed_key FROM licenses WHERE id = ? AND guild_id = ?';
        const row = statement(sql).get(licenseId, guildId);
        return row ? openKey(store.vault, row.lookup as Uint8Array, row.sealed_key as Uint8Array) : null;
      }),

    licensesByFoldedKey: (guildId, text) =>
      store.read(() => {
        const sql = `SELECT ${names} FROM licenses
          WHERE key_folded = ? AND +guild_id = ifnull(?, guild_id) ORDER BY id LIMIT ${maxFoldedKeys}`;
        return statement(sql).all(store.vault.foldedKey(text), guildId).map(licenseColumns.fromRow);
      }),

    licensesOf: (ownerId) =>
      store.read(() => {
        const sql = `SELECT ${names} FROM licenses WHERE owner_id = ? AND ${isNotDeleted} ORDER BY id DESC`;
        return statement(sql).all(ownerId).map(licenseColumns.fromRow);
      }),
  };
}

/** How many licenses of a product are not deleted themselves, and how many distinct owners these have. */
export async function countLicenses(store: SqliteStore, guildId: string, productId: number) {
  const sql = `SELECT id, owner_id FROM licenses
    WHERE product_id = ? AND +guild_id = ? AND id > ? AND deleted_at IS NULL ORDER BY id LIMIT ${rowsPerWindow}`;
  const owners = new Set<string>();
  const counts = await scan(store, 0, Infinity, (after) => {
    const rows = store.statement(sql).all(productId, guildId, after) as unknown as readonly OwnedRow[];
    for (const { owner_id: ownerId } of rows) if (ownerId !== null) owners.add(ownerId);
    return { found: [rows.length], next: rows.length < rowsPerWindow ? null : (rows.at(-1)?.id ?? null) };
  });
  return { licenses: counts.reduce((sum, count) => sum + count, 0), owners: owners.size };
}
