import type { License } from '../../../domain/license.ts';
import type { LicenseRef } from '../../port/licenses.ts';
import type { SqliteStore } from '../connection.ts';
import { licenseColumns } from './columns.ts';

const names = licenseColumns.names.join(', ');

/** Inside `read` or `write`. Deleted licenses are found too. */
export function findByLookup(store: SqliteStore, guildId: string, lookup: Buffer): License | null {
  const sql = `SELECT ${names} FROM licenses WHERE lookup = ? AND guild_id = ?`;
  const row = store.statement(sql).get(lookup, guildId);
  return row ? licenseColumns.fromRow(row) : null;
}

/** Inside `read` or `write`. Deleted licenses are found too. */
export function findLicense(store: SqliteStore, guildId: string, ref: LicenseRef): License | null {
  if ('key' in ref) return findByLookup(store, guildId, store.vault.lookup(guildId, ref.key));
  const [column, value] = 'uuid' in ref ? (['uuid', ref.uuid] as const) : (['id', ref.id] as const);
  const sql = `SELECT ${names} FROM licenses WHERE ${column} = ? AND guild_id = ?`;
  const row = store.statement(sql).get(value, guildId);
  return row ? licenseColumns.fromRow(row) : null;
}
