import type { Prepare } from '../database.ts';

/** What a change in a bundle was about; `ref` is its id (the guild's own for `guild` and `settings`). */
export type ChangeKind = 'guild' | 'settings' | 'product' | 'api-key' | 'blacklist';

export interface Change {
  readonly guildId: string;
  readonly kind: ChangeKind;
  readonly ref: string;
}

/** How many of the newest changes the ring names; who is further behind loads everything. */
const ringSize = 500;

/** Inside the transaction of the change: the same commit tells every process what to reload. */
export function raiseStamp(statement: Prepare, guildId: string, kind: ChangeKind, ref: string): void {
  const { stamp } = statement('UPDATE stamp SET stamp = stamp + 1 RETURNING stamp').get() as { stamp: number };
  statement('INSERT INTO ring (stamp, guild_id, kind, ref) VALUES (?, ?, ?, ?)').run(stamp, guildId, kind, ref);
  statement('DELETE FROM ring WHERE stamp <= ?').run(stamp - ringSize);
}

export function readStamp(statement: Prepare): number {
  return (statement('SELECT stamp FROM stamp').get() as { stamp: number }).stamp;
}

/** The changes that lie between, oldest first; null where the ring no longer names them all. */
export function changesBetween(statement: Prepare, after: number, upTo: number): readonly Change[] | null {
  if (after === upTo) return [];
  const sql = 'SELECT guild_id AS guildId, kind, ref FROM ring WHERE stamp > ? AND stamp <= ? ORDER BY stamp';
  const changes = statement(sql).all(after, upTo) as unknown as readonly Change[];
  return changes.length === upTo - after ? changes : null;
}
