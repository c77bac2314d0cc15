import type { Alert } from '../../domain/audit.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import { hourMs } from '../../domain/calendar.ts';
import type { Records } from '../port/records.ts';
import { createAttempts } from './attempts.ts';
import { createAudit } from './audit.ts';
import type { SqliteStore } from './connection.ts';
import { createRejectedRequests } from './rejected-requests.ts';

interface AlertRow {
  readonly id: number;
  readonly guild_id: string;
  readonly at: number;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
}

export function createRecords(store: SqliteStore): Records {
  const { statement } = store;

  function knownUser(id: string): KnownUser | null {
    const row = statement('SELECT id, username, discriminator FROM users WHERE id = ?').get(id);
    return row ? ({ ...row } as unknown as KnownUser) : null;
  }

  return {
    ...createAttempts(store),
    ...createAudit(store),
    ...createRejectedRequests(store),

    raiseAlert: (guildId, { kind, subject, text, quietHours = 1 }) =>
      store.write(() => {
        const now = store.now().getTime();
        const recent = statement('SELECT 1 FROM alerts WHERE guild_id = ? AND kind = ? AND subject = ? AND at > ?');
        if (recent.get(guildId, kind, subject, now - quietHours * hourMs)) return false;
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

    // Read first: a name seldom changes, and a commit costs the disk a flush.
    rememberUser: async (user) => {
      const known = await store.read(() => knownUser(user.id));
      if (known?.username === user.username && known.discriminator === user.discriminator) return;
      await store.write(() => {
        statement(
          `INSERT INTO users (id, username, discriminator) VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET username = excluded.username, discriminator = excluded.discriminator`,
        ).run(user.id, user.username, user.discriminator);
      });
    },

    knownUser: (id) => store.read(() => knownUser(id)),
  };
}
