import type { Actor } from '../../domain/actor.ts';
import type { AuditAction, AuditEvent } from '../../domain/audit.ts';
import type { Audit } from '../port/audit.ts';
import type { SqliteStore } from './connection.ts';
import { rowsPerWindow, scan, type Window } from './steps.ts';
import { insertAuditEvent } from './trail.ts';

interface AuditRow {
  readonly id: number;
  readonly guild_id: string;
  readonly at: number;
  readonly actor: string;
  readonly action: AuditAction;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: string;
}

/** The actor that `actorText` wrote as this text. */
function actorOf(text: string): Actor {
  const [type, id = ''] = text.split(':');
  if (type === 'user') return { type, id };
  if (type === 'api-key') return { type, id: Number(id) };
  return { type: type === 'cli' ? 'cli' : 'system' };
}

function auditEventOf(row: AuditRow): AuditEvent {
  return {
    id: row.id,
    guildId: row.guild_id,
    at: new Date(row.at),
    actor: actorOf(row.actor),
    action: row.action,
    subject: row.subject,
    reason: row.reason,
    details: JSON.parse(row.details) as Readonly<Record<string, unknown>>,
  };
}

export function createAudit(store: SqliteStore): Audit {
  return {
    audit: async (guildId, { subject = null, action = null }, { limit, beforeId }) => {
      const base = `guild_id = :guild AND id < :before${subject === null ? '' : ' AND subject = :subject'}`;
      const window = `SELECT * FROM audit WHERE ${base} ORDER BY id DESC LIMIT ${rowsPerWindow}`;
      const edge = `SELECT id FROM audit WHERE ${base} ORDER BY id DESC LIMIT 1 OFFSET ${rowsPerWindow - 1}`;
      const sql = `SELECT * FROM (${window}) WHERE :action IS NULL OR action = :action ORDER BY id DESC LIMIT :limit`;
      const params = { guild: guildId, ...(subject === null ? {} : { subject }) };
      const rows = await scan(store, beforeId ?? Number.MAX_SAFE_INTEGER, limit, (before, wanted) => {
        const found = store.statement(sql).all({ ...params, before, action, limit: wanted });
        const end = store.statement(edge).get({ ...params, before });
        const page: Window<AuditRow, number> = {
          found: found as unknown as readonly AuditRow[],
          next: end ? (end.id as number) : null,
        };
        return page;
      });
      return rows.map(auditEventOf);
    },

    auditAfter: (id, limit) =>
      store.read(() => {
        const rows = store.statement('SELECT * FROM audit WHERE id > ? ORDER BY id LIMIT ?').all(id, limit);
        return (rows as unknown as readonly AuditRow[]).map(auditEventOf);
      }),

    recordAudit: (guildId, event) =>
      store.write(() => {
        insertAuditEvent(store, guildId, event);
      }),
  };
}
