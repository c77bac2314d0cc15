import type { Effect, EffectStatus, StoredEffect } from '../../domain/effect.ts';
import { type Effects, maxEffectDelayMs } from '../port/effects.ts';
import type { SqliteStore } from './connection.ts';
import { dateOf } from './fields.ts';
import { insertAuditEvent, insertEffect } from './trail.ts';

interface EffectRow {
  readonly id: number;
  readonly guild_id: string;
  readonly effect: string;
  readonly status: EffectStatus;
  readonly created_at: number;
  readonly due_at: number;
  readonly claimed_at: number | null;
  readonly tries: number;
  readonly outcome: string | null;
}

function effectOf(row: EffectRow): StoredEffect {
  return {
    id: row.id,
    guildId: row.guild_id,
    effect: JSON.parse(row.effect) as Effect,
    status: row.status,
    createdAt: new Date(row.created_at),
    dueAt: new Date(row.due_at),
    claimedAt: dateOf(row.claimed_at),
    tries: row.tries,
    outcome: row.outcome,
  };
}

export function createEffects(store: SqliteStore): Effects {
  const { statement } = store;

  return {
    addEffects: (guildId, effects) => store.write(() => effects.map((effect) => insertEffect(store, guildId, effect))),

    claimEffects: (kind, limit, claimMs) =>
      store.write(() => {
        const now = store.now().getTime();
        const dueWhere = (isDue: string) => `SELECT id, claimed_at FROM effects
          WHERE status IN ('pending', 'claimed') AND kind = :kind AND ${isDue}
          AND (status = 'pending' OR claimed_at <= :now - :claim OR claimed_at > :now + :claim)
          ORDER BY due_at, id LIMIT :limit`;
        const claim = `UPDATE effects SET status = 'claimed', claimed_at = ?, tries = tries + 1 WHERE id = ? RETURNING *`;
        const find = (isDue: string, among: object, wanted: number) =>
          statement(dueWhere(isDue)).all({ kind, now, claim: claimMs, limit: wanted, ...among });
        const due = find('due_at <= :now', {}, limit);
        const misdated =
          due.length < limit ? find('due_at > :now + :delay', { delay: maxEffectDelayMs }, limit - due.length) : [];
        return [...due, ...misdated].map((row) => ({
          ...effectOf(statement(claim).get(now, row.id as number) as unknown as EffectRow),
          claimedAt: dateOf(row.claimed_at as number | null),
        }));
      }),

    finishEffect: (id, { status, outcome, dueAt }, audit) =>
      store.write(() => {
        const due = (dueAt ?? store.now()).getTime();
        const row = statement(
          `UPDATE effects SET status = ?1, outcome = ?2, due_at = iif(?1 = 'pending', ?3, due_at), claimed_at = NULL
           WHERE id = ?4 AND status IN ('pending', 'claimed') RETURNING guild_id`,
        ).get(status, outcome, due, id);
        if (row && audit) insertAuditEvent(store, row.guild_id as string, audit);
      }),

    requeueWaiting: (guildId, userId) =>
      store.write(() => {
        const now = store.now().getTime();
        const requeue = `UPDATE effects SET status = 'pending', created_at = ?1, due_at = ?1
          WHERE status = 'waiting' AND guild_id = ?2 AND effect ->> '$.userId' = ?3`;
        return Number(statement(requeue).run(now, guildId, userId).changes);
      }),

    effectsById: (ids) =>
      store.read(() => {
        const rows = ids.map((id) => statement('SELECT * FROM effects WHERE id = ?').get(id));
        return rows.filter((row) => row !== undefined).map((row) => effectOf(row as unknown as EffectRow));
      }),

    grantedRoles: (guildId, userId) =>
      store.read(() => {
        const sql = 'SELECT role_id FROM granted_roles WHERE guild_id = ? AND user_id = ? ORDER BY role_id';
        return statement(sql)
          .all(guildId, userId)
          .map((row) => row.role_id as string);
      }),

    setRoleGranted: (guildId, userId, roleId, granted) =>
      store.write(() => {
        const sql = granted
          ? 'INSERT INTO granted_roles (guild_id, user_id, role_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
          : 'DELETE FROM granted_roles WHERE guild_id = ? AND user_id = ? AND role_id = ?';
        statement(sql).run(guildId, userId, roleId);
      }),

    membersAfter: (guildId, userId, limit) =>
      store.read(() => {
        // Each side is read in the order of its index, so that it ends after `limit` rows.
        const granted = `SELECT DISTINCT user_id AS id FROM granted_roles
          WHERE guild_id = :guild AND user_id > :after ORDER BY user_id LIMIT :limit`;
        const owners = `SELECT DISTINCT owner_id AS id FROM licenses
          WHERE +guild_id = :guild AND owner_id > :after AND deleted_at IS NULL ORDER BY owner_id LIMIT :limit`;
        const helpers = `SELECT DISTINCT user_id AS id FROM license_helpers CROSS JOIN licenses ON id = license_id
          WHERE user_id > :after AND guild_id = :guild AND deleted_at IS NULL ORDER BY user_id LIMIT :limit`;
        const sql = `SELECT id FROM (${granted}) UNION SELECT id FROM (${owners}) UNION SELECT id FROM (${helpers})
          ORDER BY id LIMIT :limit`;
        return statement(sql)
          .all({ guild: guildId, after: userId ?? '', limit })
          .map((row) => row.id as string);
      }),
  };
}
