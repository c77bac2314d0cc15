import type { License } from '../../../domain/license.ts';
import { type Licenses, maxFoldedKeys } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { licenseColumns } from './columns.ts';
import { findLicense } from './find.ts';
import { openKey } from './stored-key.ts';
import { countFound } from './counts.ts';
import { licenseIdAt } from './license-id-at.ts';
import { defineHasPart, searchLicenses } from './search.ts';
import { scan } from '../steps.ts';

type Queries = Pick<
  Licenses,
  | 'license'
  | 'licenses'
  | 'countLicensesBy'
  | 'licenseIdAt'
  | 'licenseKey'
  | 'licensesByFoldedKey'
  | 'licensesOf'
  | 'licenseOf'
  | 'licensesHelpedBy'
>;

/** How many licenses are read at a time: some milliseconds. */
const licensesPerWindow = 250;
const names = licenseColumns.names.join(', ');
/** A license of a deleted product counts as deleted. */
const isNotDeleted = 'deleted_at IS NULL AND +product_id IN (SELECT id FROM products WHERE deleted_at IS NULL)';

export function createLicenseQueries(store: SqliteStore): Queries {
  const { statement } = store;
  defineHasPart(store);

  /** Those licenses of a user that are not deleted, newest first. `isOfUser` is a condition on the user's id. */
  function licensesOfUser(isOfUser: string, userId: string): Promise<readonly License[]> {
    const sql = `SELECT ${names} FROM licenses
      WHERE ${isOfUser} AND id < ? AND ${isNotDeleted} ORDER BY id DESC LIMIT ${licensesPerWindow}`;
    return scan(store, Number.MAX_SAFE_INTEGER, Infinity, (before) => {
      const found = statement(sql).all(userId, before).map(licenseColumns.fromRow);
      return { found, next: found.length < licensesPerWindow ? null : (found.at(-1)?.id ?? null) };
    });
  }

  return {
    license: (guildId, ref) => store.read(() => findLicense(store, guildId, ref)),

    licenses: async (guildId, query, page) => {
      const rows = await searchLicenses(store, guildId, query, { select: names, ...page });
      return rows.map(licenseColumns.fromRow);
    },

    countLicensesBy: (guildId, query) => countFound(store, guildId, query),

    licenseIdAt: (guildId, query, position) => licenseIdAt(store, guildId, query, position),

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

    licensesOf: (ownerId) => licensesOfUser('owner_id = ?', ownerId),

    licensesHelpedBy: (userId) =>
      licensesOfUser('id IN (SELECT license_id FROM license_helpers WHERE user_id = ?)', userId),

    licenseOf: (ownerId, licenseId) =>
      store.read(() => {
        const sql = `SELECT ${names} FROM licenses WHERE id = ? AND +owner_id = ? AND ${isNotDeleted}`;
        const row = statement(sql).get(licenseId, ownerId);
        return row ? licenseColumns.fromRow(row) : null;
      }),
  };
}
