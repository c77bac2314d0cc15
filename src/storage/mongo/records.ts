import { hourMs, isFromWrongClock } from '../../domain/values/calendar.ts';
import type { Alert } from '../../domain/audit.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import type { Alerts, NewAlert } from '../port/alerts.ts';
import type { Attempts } from '../port/attempts.ts';
import type { Audit } from '../port/audit.ts';
import type { RejectedRequests } from '../port/rejected-requests.ts';
import type { Users } from '../port/users.ts';
import { createAttempts } from './attempts.ts';
import { createAudit } from './audit.ts';
import type { MongoStore } from './connection.ts';
import type { AlertDocument } from './documents.ts';
import { collectionOf } from './database/models.ts';
import { takeNumbers } from './ids.ts';
import { createRejectedRequests } from './rejected-requests.ts';
import { upToWatermark } from './watermark.ts';
import { duplicateFields } from './errors.ts';

function alertOf({ _id: id, guildId, at, kind, subject, text }: AlertDocument): Alert {
  return { id, guildId, at, kind, subject, text };
}

export function createRecords(store: MongoStore): Alerts & Attempts & Audit & RejectedRequests & Users {
  const { models, now } = store;

  async function knownUser(id: string): Promise<KnownUser | null> {
    const found = await models.users.findById(id).lean();
    return found && { id, username: found.username, discriminator: found.discriminator };
  }

  /**
   * Each alert names its predecessor in `after`, under a unique index. Of two processes that raise the same alert at
   * the same time both read the same predecessor, and only one insert succeeds.
   */
  async function raiseAlert(guildId: string, { kind, subject, text, quietHours = 1 }: NewAlert) {
    const last = await models.alerts.findOne({ guildId, kind, subject }).sort({ after: -1 }).lean();
    const at = now();
    const quietMs = quietHours * hourMs;
    if (last && last.at.getTime() > at.getTime() - quietMs && !isFromWrongClock(last.at, quietMs, at)) return false;
    // The id is taken after the predecessor was read. So it is higher than the predecessor's, and the newest alert is
    // the one with the highest `after`.
    const id = await takeNumbers(models, 'alert', 1);
    try {
      await collectionOf(models.alerts).insertOne({ _id: id, guildId, at, kind, subject, text, after: last?._id ?? 0 });
      return true;
    } catch (error) {
      if (duplicateFields(error) === null) throw error;
      return false;
    }
  }

  return {
    ...createAttempts(store),
    ...createAudit(store),
    ...createRejectedRequests(store),

    raiseAlert: (guildId, alert) => store.run(() => raiseAlert(guildId, alert)),

    alertsAfter: (id, limit) =>
      store.run(async () => {
        const found = await models.alerts
          .find({ _id: { $gt: id } })
          .sort({ _id: 1 })
          .limit(limit)
          .lean();
        return upToWatermark(found, ({ at }) => at, now()).map(alertOf);
      }),

    rememberUser: ({ id, username, discriminator }) =>
      store.run(async () => {
        const owner = { username, discriminator };
        const known = await knownUser(id);
        if (known?.username !== username || known.discriminator !== discriminator) {
          await models.users.updateOne({ _id: id }, { $set: owner }, { upsert: true });
        }
        // Licenses are corrected even when the name is known: the process that stored it may have died before it had
        // copied it into them.
        const isOther = {
          $or: [{ 'owner.username': { $ne: username } }, { 'owner.discriminator': { $ne: discriminator } }],
        };
        await models.licenses.updateMany({ ownerId: id, ...isOther }, { $set: { owner } });
      }),

    knownUser: (id) => store.run(() => knownUser(id)),
  };
}
