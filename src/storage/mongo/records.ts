import type { Alert } from '../../domain/audit.ts';
import type { KnownUser } from '../../domain/snapshot.ts';
import { hourMs } from '../../domain/calendar.ts';
import type { NewAlert, Records } from '../port/records.ts';
import { createAttempts } from './attempts.ts';
import { createAudit } from './audit.ts';
import type { MongoStore } from './connection.ts';
import type { AlertDocument } from './documents.ts';
import { collectionOf } from './models.ts';
import { takeNumbers } from './ids.ts';
import { createRejectedRequests } from './rejected-requests.ts';
import { settledPart } from './watermark.ts';
import { duplicateFields } from './errors.ts';

function alertOf({ _id: id, guildId, at, kind, subject, text }: AlertDocument): Alert {
  return { id, guildId, at, kind, subject, text };
}

export function createRecords(store: MongoStore): Records {
  const { models, now } = store;

  async function knownUser(id: string): Promise<KnownUser | null> {
    const found = await models.users.findById(id).lean();
    return found && { id, username: found.username, discriminator: found.discriminator };
  }

  /** Each alert names the one before it, and one has one pendingCopy: of two processes that raise it, one does. */
  async function raiseAlert(guildId: string, { kind, subject, text, quietHours = 1 }: NewAlert) {
    const last = await models.alerts.findOne({ guildId, kind, subject }).sort({ after: -1 }).lean();
    const at = now();
    if (last && last.at.getTime() > at.getTime() - quietHours * hourMs) return false;
    // After the read: so ids ascend from alert to pendingCopy, and the last one is the one with the highest `after`.
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
        return settledPart(found, ({ at }) => at, now()).map(alertOf);
      }),

    rememberUser: ({ id, username, discriminator }) =>
      store.run(async () => {
        const owner = { username, discriminator };
        const known = await knownUser(id);
        if (known?.username !== username || known.discriminator !== discriminator) {
          await models.users.updateOne({ _id: id }, { $set: owner }, { upsert: true });
        }
        // Also where the name was known: whoever stored it may have died before he came to copy it.
        const isOther = {
          $or: [{ 'owner.username': { $ne: username } }, { 'owner.discriminator': { $ne: discriminator } }],
        };
        await models.licenses.updateMany({ ownerId: id, ...isOther }, { $set: { owner } });
      }),

    knownUser: (id) => store.run(() => knownUser(id)),
  };
}
