import { actorOf, actorText } from '../../domain/actor.ts';
import { type AuditEvent, concernsLicense } from '../../domain/audit.ts';
import type { Audit } from '../port/audit.ts';
import type { MongoStore } from './connection.ts';
import type { AuditDocument } from './documents.ts';
import { beyondIds, windowBefore } from './id-windows.ts';
import { scanWindows } from './steps.ts';
import { upToWatermark } from './watermark.ts';

function auditEventOf({ _id: id, guildId, at, actor, action, subject, reason, details }: AuditDocument): AuditEvent {
  const parsed = JSON.parse(details) as Readonly<Record<string, unknown>>;
  return { id, guildId, at, actor: actorOf(actor), action, subject, reason, details: parsed };
}

/** Events about several licenses list the ids of all, up to 250 each, which take long to read. */
const listsPerWindow = 100;

export function createAudit(store: MongoStore): Audit {
  const { models, now, outbox } = store;

  return {
    audit: (guildId, { subject, licenseId, action, actor, since }, { limit, beforeId }) =>
      store.run(async () => {
        const ofSubject = subject === undefined ? {} : { subject };
        const ofLicense = { subject: { $in: [`license:${licenseId}`, 'licenses'] } };
        const among = { guildId, ...(licenseId === undefined ? ofSubject : ofLicense) };
        const filter = {
          ...among,
          ...(action === undefined ? {} : { action }),
          ...(actor === undefined ? {} : { actor: actorText(actor) }),
          ...(since === undefined ? {} : { at: { $gte: since } }),
        };
        const size = licenseId === undefined ? undefined : listsPerWindow;
        return scanWindows(beforeId ?? beyondIds, limit, async (before, wanted) => {
          const { ids, next } = await windowBefore(models.audit, among, before, undefined, size);
          const newest = models.audit.find({ ...filter, _id: ids }).sort({ _id: -1 });
          // Which events about several licenses concern this one is known only when they were read.
          if (licenseId === undefined) return { found: (await newest.limit(wanted).lean()).map(auditEventOf), next };
          const events = (await newest.lean()).map(auditEventOf);
          return { found: events.filter((event) => concernsLicense(event, licenseId)).slice(0, wanted), next };
        });
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
