import { hourMs } from '../../domain/values/calendar.ts';
import type { Alert } from '../../domain/audit.ts';
import type { Alerts } from '../port/alerts.ts';
import type { SqliteStore } from './connection.ts';

interface AlertRow {
  readonly id: number;
  readonly guild_id: string;
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

export function createAlerts(store: SqliteStore): Alerts {
  const { statement } = store;

  return {
    raiseAlert: (guildId, { kind, subject, text, quietHours = 1 }) =>
      store.write(() => {
        const now = store.now().getTime();
        const quietMs = quietHours * hourMs;
        const recent = statement(
          'SELECT 1 FROM alerts WHERE guild_id = ? AND kind = ? AND subject = ? AND at > ? AND at <= ?',
        );
        if (recent.get(guildId, kind, subject, now - quietMs, now + quietMs)) return false;
        statement('INSERT INTO alerts (guild_id, at, kind, subject, text) VALUES (?, ?, ?, ?, ?)').run(
          guildId,
          now,
          kind,
          subject,
          text,
        );
        return true;
      }),

    alertsAfter: (id, limit) =>
      store.read(() => {
        const rows = statement('SELECT * FROM alerts WHERE id > ? ORDER BY id LIMIT ?').all(id, limit);
        return (rows as unknown as readonly AlertRow[]).map(({ guild_id: guildId, at, ...alert }): Alert => ({
          ...alert,
          guildId,
          at: new Date(at),
        }));
      }),
  };
}
