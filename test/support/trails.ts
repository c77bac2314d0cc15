import type { AuditAction } from '../../src/domain/audit.ts';
import type { Storage } from '../../src/storage/port/storage.ts';
import type { Trail } from '../../src/storage/port/trail.ts';

/** A trail of one audit event and one effect, with which a test can see whether a change stored its trail. */
export function aTrail(action: AuditAction = 'license.changed', subject = 'license:1'): Trail {
  return {
    audit: [
      { actor: { type: 'user', id: '77' }, action, subject, reason: 'because', details: { before: 1, after: 2 } },
    ],
    effects: [{ kind: 'roles', userId: '77' }],
  };
}

/** Audit events of a guild, newest first, as `action subject`. */
export async function auditOf(storage: Storage, guildId: string): Promise<readonly string[]> {
  const events = await storage.audit(guildId, {}, { limit: 1_000, beforeId: null });
  return events.map(({ action, subject }) => `${action} ${subject}`);
}

/** The number of audit events and effects in all guilds. */
export async function countTrails(storage: Storage): Promise<{ readonly audit: number; readonly effects: number }> {
  const guilds = await storage.guilds();
  const audits = await Promise.all(guilds.map(({ id }) => auditOf(storage, id)));
  const effects = await storage.effectsById(Array.from({ length: 1_000 }, (_, index) => index + 1));
  return { audit: audits.flat().length, effects: effects.length };
}
