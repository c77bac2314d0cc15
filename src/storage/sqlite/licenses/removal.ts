import type { SqliteStore } from '../connection.ts';
import type { DeleteStep } from '../steps.ts';
import { createTextIndex } from './text-index.ts';

interface LicenseId {
  readonly id: number;
  readonly guild_id: string;
}

/** Removes up to `rows` rows of a license: its observed values, then its slots, and the license itself last. */
function removeLicense(store: SqliteStore, licenseId: number, rows: number): number {
  let removed = 0;
  for (const table of ['observed_values', 'slots']) {
    if (removed === rows) return removed;
    const { changes } = store
      .statement(
        `DELETE FROM ${table} WHERE license_id = ?1
         AND (kind, value) IN (SELECT kind, value FROM ${table} WHERE license_id = ?1 LIMIT ?2)`,
      )
      .run(licenseId, rows - removed);
    removed += Number(changes);
  }
  if (removed === rows) return removed;
  createTextIndex(store.statement).remove(licenseId);
  return removed + Number(store.statement('DELETE FROM licenses WHERE id = ?').run(licenseId).changes);
}

/**
 * A step that removes licenses with their bindings. `select` returns their `id` and `guild_id`; its last parameter is
 * the limit. `onRemoved` is called, in the same transaction, for each license whose last row was removed.
 */
export function removeLicenses(
  store: SqliteStore,
  select: string,
  params: readonly (string | number)[],
  onRemoved?: (guildId: string, licenseId: number) => void,
): DeleteStep {
  return (rows) => {
    let removed = 0;
    const licenses = store.statement(select).all(...params, rows) as unknown as readonly LicenseId[];
    for (const { id, guild_id: guildId } of licenses) {
      if (removed === rows) break;
      removed += removeLicense(store, id, rows - removed);
      if (onRemoved && !store.statement('SELECT 1 FROM licenses WHERE id = ?').get(id)) onRemoved(guildId, id);
    }
    return removed;
  };
}
