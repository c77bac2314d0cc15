import { actorOf, actorText } from '../../domain/actor.ts';
import { type AuditAction, type AuditEvent, concernsLicense } from '../../domain/audit.ts';
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

/** Events about several licenses list the ids of all, up to 250 each, which take long to read. */
const listsPerWindow = 100;

export function createAudit(store: SqliteStore): Audit {
  return {
    audit: (guildId, query, { limit, beforeId }) => {
      const { subject, licenseId, action, actor, since } = query;
      const size = licenseId === undefined ? rowsPerWindow : listsPerWindow;
      const among = (condition: string) =>
        `SELECT * FROM audit WHERE guild_id = :guild AND id < :before AND ${condition} ORDER BY id DESC LIMIT ${size}`;
      const conditions =
        licenseId === undefined
          ? [subject === undefined ? 'TRUE' : 'subject = :subject']
          : ['subject = :license', "subject = 'licenses'"];
      const sources = conditions.map((condition) => `SELECT * FROM (${among(condition)})`);
      const window = `SELECT * FROM (${sources.join(' UNION ALL ')}) ORDER BY id DESC LIMIT ${size}`;
      const edge = `SELECT id FROM (${window}) LIMIT 1 OFFSET ${size - 1}`;
      const sql = `SELECT * FROM (${window}) WHERE (:action IS NULL OR action = :action)
        AND (:actor IS NULL OR actor = :actor) AND at >= :since ORDER BY id DESC LIMIT :limit`;
      const params = {
        guild: guildId,
        ...(licenseId === undefined && subject !== undefined ? { subject } : {}),
        ...(licenseId === undefined ? {} : { license: `license:${licenseId}` }),
      };
      const filters = { action: action ?? null, actor: actor ? actorText(actor) : null, since: since?.getTime() ?? 0 };
      return scan(store, beforeId ?? Number.MAX_SAFE_INTEGER, limit, (before, wanted): Window<AuditEvent, number> => {
        // Which events about several licenses concern this one is known only when they were read.
        const most = licenseId === undefined ? wanted : size;
        const rows = store.statement(sql).all({ ...params, ...filters, before, limit: most });
        const events = (rows as unknown as readonly AuditRow[]).map(auditEventOf);
        const found = licenseId === undefined ? events : events.filter((event) => concernsLicense(event, licenseId));
        const end = store.statement(edge).get({ ...params, before });
        return { found: found.slice(0, wanted), next: end ? (end.id as number) : null };
      });
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
