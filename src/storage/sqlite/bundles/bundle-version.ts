import type { Prepare } from '../database/database.ts';

/** Which part of a bundle a change was about. */
export type ChangeKind = 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';

export interface Change {
  readonly guildId: string;
  readonly kind: ChangeKind;
  /** The id of the changed row; for `guild` and `settings` the guild's id. */
  readonly ref: string;
}

/** How many of the newest changes the change log holds. A process that is further behind loads everything. */
const changeLogSize = 500;

/** Inside the transaction of the change, so that a process which reads the new bundle version also reads the change. */
export function raiseBundleVersion(statement: Prepare, guildId: string, kind: ChangeKind, ref: string): void {
  const { value } = statement('UPDATE bundle_version SET value = value + 1 RETURNING value').get() as { value: number };
  statement('INSERT INTO change_log (version, guild_id, kind, ref) VALUES (?, ?, ?, ?)').run(value, guildId, kind, ref);
  statement('DELETE FROM change_log WHERE version <= ?').run(value - changeLogSize);
}

export function readBundleVersion(statement: Prepare): number {
  return (statement('SELECT value FROM bundle_version').get() as { value: number }).value;
}

/**
 * The changes after one bundle version up to another, oldest first. null: the change log no longer holds all of them.
 */
export function changesBetween(statement: Prepare, after: number, upTo: number): readonly Change[] | null {
  if (after === upTo) return [];
  const sql =
    'SELECT guild_id AS guildId, kind, ref FROM change_log WHERE version > ? AND version <= ? ORDER BY version';
  const changes = statement(sql).all(after, upTo) as unknown as readonly Change[];
  return changes.length === upTo - after ? changes : null;
}
