import type { Actor } from '../../domain/actor.ts';
import type { AuditEvent } from '../../domain/audit.ts';
import type { Audit } from '../port/audit.ts';
import type { MongoStore } from './connection.ts';
import type { AuditDocument } from './documents.ts';
import { beyondIds, windowBefore } from './id-windows.ts';
import { scanWindows } from './steps.ts';
import { upToWatermark } from './watermark.ts';

/** The reverse of `actorText`. */
function actorOf(text: string): Actor {
  const [type, id = ''] = text.split(':');
  if (type === 'user') return { type, id };
  if (type === 'api-key') return { type, id: Number(id) };
  return { type: type === 'cli' ? 'cli' : 'system' };
}

function auditEventOf({ _id: id, guildId, at, actor, action, subject, reason, details }: AuditDocument): AuditEvent {
  const parsed = JSON.parse(details) as Readonly<Record<string, unknown>>;
  return { id, guildId, at, actor: actorOf(actor), action, subject, reason, details: parsed };
}

export function createAudit(store: MongoStore): Audit {
  const { models, now, outbox } = store;

  return {
    audit: (guildId, { subject, action }, { limit, beforeId }) =>
      store.run(async () => {
        const among = { guildId, ...(subject === undefined ? {} : { subject }) };
        const filter = { ...among, ...(action === undefined ? {} : { action }) };
        const found = await scanWindows(beforeId ?? beyondIds, limit, async (before, wanted) => {
          const { ids, next } = await windowBefore(models.audit, among, before);
          const newest = models.audit
            .find({ ...filter, _id: ids })
            .sort({ _id: -1 })
            .limit(wanted);
          return { found: await newest.lean(), next };
        });
        return found.map(auditEventOf);
      }),

    auditAfter: (id, limit) =>
      store.run(async () => {
        const found = await models.audit
          .find({ _id: { $gt: id } })
          .sort({ _id: 1 })
          .limit(limit)
          .lean();
        return upToWatermark(found, ({ storedAt }) => storedAt, now()).map(auditEventOf);
      }),

    recordAudit: (guildId, event) =>
      store.run(async () => {
        await outbox.recordTrail(guildId, { audit: [event], effects: [] });
      }),
  };
}
