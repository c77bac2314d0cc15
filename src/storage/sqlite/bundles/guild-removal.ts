import { claimNote } from '../../../domain/notes.ts';
import { deleteAttempts, deleteEmptyRuns } from '../attempts/removal.ts';
import type { SqliteStore } from '../connection.ts';
import { removeLicenses } from '../licenses/removal.ts';
import { type DeleteStep, deleteInSteps, inTurn } from '../steps.ts';

/** Tables that may have many rows of one guild, with their primary keys. */
const largeTables: readonly (readonly [table: string, key: string])[] = [
  ['attempt_counts', 'guild_id, minute, protocol, result'],
  ['attempt_statistics', 'guild_id, period, start, protocol, product_id, result'],
  ['blacklist', 'id'],
  ['alerts', 'id'],
  ['effects', 'id'],
  ['granted_roles', 'guild_id, user_id, role_id'],
  ['audit', 'id'],
  ['customer_identities', 'guild_id, system, user_id, retired'],
  ['customers', 'id'],
];

/**
 * Removes a guild and everything that belongs to it. Rows of the large tables are removed in steps first, and then in
 * one transaction the guild itself, with the rows that were added meanwhile. If the process dies before that, the guild
 * still exists and can be removed again.
 */
export async function deleteGuild(store: SqliteStore, guildId: string): Promise<boolean> {
  const { statement } = store;
  const isKnown = () => statement('SELECT 1 FROM guilds WHERE id = ?').get(guildId) !== undefined;
  if (!(await store.read(isKnown))) return false;

  const licenses = removeLicenses(store, 'SELECT id, guild_id FROM licenses WHERE guild_id = ? ORDER BY id LIMIT ?', [
    guildId,
  ]);
  const others = largeTables.map(([table, key]): DeleteStep => (rows) => {
    const oldest = `SELECT ${key} FROM ${table} WHERE guild_id = ? LIMIT ?`;
    return Number(statement(`DELETE FROM ${table} WHERE (${key}) IN (${oldest})`).run(guildId, rows).changes);
  });
  // Statistics go after the attempts, so that no attempt that is rolled up meanwhile brings them back.
  const everything = inTurn(licenses, deleteAttempts(store, 'guild_id = ?', [guildId]), ...others);
  await deleteInSteps(store, Infinity, everything);
  await deleteEmptyRuns(store);

  return store.write(() => {
    if (!isKnown()) return false;
    everything(Number.MAX_SAFE_INTEGER);
    statement('DELETE FROM releases WHERE product_id IN (SELECT id FROM products WHERE guild_id = ?)').run(guildId);
    for (const table of ['products', 'product_names', 'settings', 'api_keys']) {
      statement(`DELETE FROM ${table} WHERE guild_id = ?`).run(guildId);
    }
    // Names that begin with this text: the next text of its length ends the range.
    const claims = claimNote(guildId, '');
    statement('DELETE FROM notes WHERE name >= ? AND name < ?').run(claims, `${claims.slice(0, -1)};`);
    statement('DELETE FROM guilds WHERE id = ?').run(guildId);
    store.raiseBundleVersion(guildId, 'guild', guildId);
    return true;
  });
}
