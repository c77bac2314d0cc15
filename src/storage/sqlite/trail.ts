import { actorText } from '../../domain/actor.ts';
import type { NewAuditEvent } from '../../domain/audit.ts';
import type { Effect } from '../../domain/effect.ts';
import type { Recorded, Trail } from '../port/trail.ts';
import type { SqliteStore } from './connection.ts';

/** Inside the `write` of the change that the trail describes, so that one commit stores both. */
export function recordTrail(store: SqliteStore, guildId: string, trail: Trail): Recorded {
  for (const event of trail.audit) insertAuditEvent(store, guildId, event);
  return { effectIds: trail.effects.map((effect) => insertEffect(store, guildId, effect)) };
}

/** Inside `write`. */
export function insertAuditEvent(store: SqliteStore, guildId: string, event: NewAuditEvent): void {
  store
    .statement('INSERT INTO audit (guild_id, at, actor, action, subject, reason, details) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(
      guildId,
      store.now().getTime(),
      actorText(event.actor),
      event.action,
      event.subject,
      event.reason,
      JSON.stringify(event.details),
    );
}

/** Inside `write`; returns the effect's id. */
export function insertEffect(store: SqliteStore, guildId: string, effect: Effect): number {
  const now = store.now().getTime();
  const { lastInsertRowid } = store
    .statement(
      "INSERT INTO effects (guild_id, kind, effect, status, created_at, due_at) VALUES (?, ?, ?, 'pending', ?, ?)",
    )
    .run(guildId, effect.kind, JSON.stringify(effect), now, now);
  return Number(lastInsertRowid);
}
