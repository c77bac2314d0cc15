import { system } from '../../../domain/actor.ts';
import type { BlacklistEntry, BlacklistType } from '../../../domain/blacklist/blacklist.ts';
import { keySuffix, maskKey } from '../../../domain/values/key-format.ts';
import type { Blacklist, NewBlacklistEntry } from '../../port/blacklist.ts';
import { denyingRows } from './guild-blacklist.ts';
import { type BlacklistRow, blacklistEntryOf } from './rows.ts';
import type { SqliteStore } from '../connection.ts';
import { requireGuild } from '../requirements.ts';
import { deleteInSteps } from '../steps.ts';
import { insertAuditEvent, recordTrail } from '../trail.ts';

export function createBlacklist(store: SqliteStore): Omit<Blacklist, 'blacklistReach'> {
  const { statement } = store;
  const keyMatch = (guildId: string, key: string) => store.vault.lookup(guildId, key).toString('hex');

  function find(guildId: string, type: BlacklistType, match: string): BlacklistEntry | null {
    const row = statement('SELECT * FROM blacklist WHERE guild_id = ? AND type = ? AND match = ?').get(
      guildId,
      type,
      match,
    );
    return row ? blacklistEntryOf(row as unknown as BlacklistRow) : null;
  }

  /** What an entry is compared by and shown as. Of a license key that is its look-up hash and its masked suffix. */
  function identityOf(guildId: string, { key, match, value }: NewBlacklistEntry) {
    if (key !== null) return { match: keyMatch(guildId, key), value: maskKey(keySuffix(key)) };
    if (match === null) throw new Error('A blacklist entry needs a match or a key.');
    return { match, value };
  }

  function replace(former: BlacklistEntry, { reason, expiresAt }: NewBlacklistEntry): BlacklistEntry {
    statement('UPDATE blacklist SET reason = ?, expires_at = ? WHERE id = ?').run(
      reason,
      expiresAt?.getTime() ?? null,
      former.id,
    );
    return { ...former, reason, expiresAt };
  }

  function insert(guildId: string, entry: NewBlacklistEntry, identity: { match: string; value: string }) {
    const row = statement(
      `INSERT INTO blacklist (guild_id, type, value, match, reason, expires_at, created_at, created_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    ).get(
      guildId,
      entry.type,
      identity.value,
      identity.match,
      entry.reason,
      entry.expiresAt?.getTime() ?? null,
      store.now().getTime(),
      entry.createdBy,
    );
    return blacklistEntryOf(row as unknown as BlacklistRow);
  }

  function remove({ guildId, id }: BlacklistEntry): void {
    statement('DELETE FROM blacklist WHERE id = ?').run(id);
    store.raiseBundleVersion(guildId, 'blacklist', String(id));
  }

  return {
    addBlacklistEntry: (guildId, entry, trail) =>
      store.write(() => {
        requireGuild(store, guildId);
        const identity = identityOf(guildId, entry);
        const replaced = find(guildId, entry.type, identity.match);
        const made = replaced ? replace(replaced, entry) : insert(guildId, entry, identity);
        store.raiseBundleVersion(guildId, 'blacklist', String(made.id));
        return { entry: made, replaced, ...recordTrail(store, guildId, trail(made)) };
      }),

    removeBlacklistEntry: (guildId, id, trail) =>
      store.write(() => {
        const row = statement('SELECT * FROM blacklist WHERE id = ? AND guild_id = ?').get(id, guildId);
        if (!row) return null;
        const entry = blacklistEntryOf(row as unknown as BlacklistRow);
        remove(entry);
        recordTrail(store, guildId, trail);
        return entry;
      }),

    blacklist: (guildId, { type = null }, { limit, beforeId }) =>
      store.read(() => {
        const [index, isOfType] = type === null ? ['blacklist_guild', 'TRUE'] : ['blacklist_type', 'type = :type'];
        const sql = `SELECT * FROM blacklist INDEXED BY ${index}
          WHERE guild_id = :guild AND ${isOfType} AND id < :before ORDER BY id DESC LIMIT :limit`;
        const params = { guild: guildId, before: beforeId ?? Number.MAX_SAFE_INTEGER, limit };
        const rows = statement(sql).all(type === null ? params : { ...params, type });
        return (rows as unknown as readonly BlacklistRow[]).map(blacklistEntryOf);
      }),

    countBlacklist: (guildId) =>
      store.read(() => {
        const row = statement('SELECT count(*) AS count FROM blacklist WHERE guild_id = ?').get(guildId);
        return (row as { readonly count: number }).count;
      }),

    blacklistEntry: (guildId, of) =>
      store.read(() => find(guildId, of.type, 'key' in of ? keyMatch(guildId, of.key) : of.match)),

    denyingEntries: (guildId, type, matches, now) =>
      store.read(() => denyingRows(statement, guildId, type, matches, now).map(blacklistEntryOf)),

    endBlacklistEntries: (now, limit) =>
      deleteInSteps(store, limit, (rows) => {
        const sql = 'SELECT * FROM blacklist WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?';
        const ended = (statement(sql).all(now.getTime(), rows) as unknown as readonly BlacklistRow[]).map(
          blacklistEntryOf,
        );
        for (const entry of ended) {
          remove(entry);
          insertAuditEvent(store, entry.guildId, {
            actor: system,
            action: 'blacklist.ended',
            subject: `blacklist:${entry.id}`,
            reason: entry.reason,
            details: { type: entry.type, value: entry.value, hits: entry.hits },
          });
        }
        return ended.length;
      }),
  };
}
