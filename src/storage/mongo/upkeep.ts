import { system } from '../../domain/actor.ts';
import type { License } from '../../domain/license.ts';
import type { Trail } from '../port/trail.ts';
import type { Upkeep } from '../port/upkeep.ts';
import type { MongoStore } from './connection.ts';
import { licenseFields, licenseOf, type LicenseState } from './licenses/documents.ts';
import { attemptIdAt } from './ids.ts';
import { removeLicenses } from './licenses/removal.ts';
import { removeOrphans } from './licenses/reservations.ts';
import { atOnce, type Delete, deleteFound, deleteInSteps, inTurn } from './steps.ts';

export type Retention = Omit<Upkeep, 'backup' | 'ping' | 'close'>;

const noTrail: Trail = { audit: [], effects: [] };

function deletedBefore(before: Date) {
  return { $lt: before, $type: 'date' } as const;
}

function purgeTrail(_: string, licenseId: number): Trail {
  const subject = `license:${licenseId}`;
  return { audit: [{ actor: system, action: 'license.purged', subject, reason: null, details: {} }], effects: [] };
}

export function createUpkeep(store: MongoStore): Retention {
  const { models, outbox } = store;

  async function deletedProducts(): Promise<readonly number[]> {
    const found = await models.products
      .find({ deletedAt: { $type: 'date' } })
      .select({ _id: 1 })
      .lean();
    return found.map(({ _id }) => _id);
  }

  /** Who changes a license at the same moment wins, and it is looked at again by the next call. */
  async function expire(now: Date, rows: number, trail: (license: License) => Trail): Promise<number> {
    const expiresAt = { $lte: now, $type: 'date' } as const;
    const due = { expiryNotified: false, expiresAt, deletedAt: null, unpublished: null };
    const ended = await models.licenses
      .find({ ...due, productId: { $nin: await deletedProducts() } })
      .sort({ expiresAt: 1 })
      .limit(rows)
      .select(licenseFields)
      .lean<readonly LicenseState[]>();
    const tell = async (license: LicenseState) => {
      const outboxEntry = await outbox.make(license.guildId, trail(licenseOf(license)));
      const asRead = { ...due, _id: license._id, rev: license.rev };
      return outbox.update(models.licenses, asRead, { $set: { expiryNotified: true } }, outboxEntry);
    };
    let told = 0;
    for (let start = 0; start < ended.length; start += atOnce) {
      const wasTold = await Promise.all(ended.slice(start, start + atOnce).map(tell));
      told += wasTold.filter(Boolean).length;
    }
    return told;
  }

  /** Products of which no license is left. */
  function purgeProducts(before: Date): Delete {
    return async (rows) => {
      const old = { deletedAt: deletedBefore(before), gone: false };
      const products = await models.products
        .find(old)
        .sort({ _id: 1 })
        .limit(rows)
        .select({ guildId: 1, rev: 1 })
        .lean();
      let gone = 0;
      for (const { _id, guildId, rev } of products) {
        if (await models.licenses.exists({ productId: _id })) continue;
        const changes = [{ guildId, kind: 'product', ref: String(_id) }] as const;
        const outboxEntry = await outbox.make(guildId, noTrail, { changes, remove: true });
        const mark = { $set: { gone: true }, $inc: { rev: 1 } };
        if (await outbox.update(models.products, { ...old, _id, rev }, mark, outboxEntry)) gone += 1;
      }
      return gone;
    };
  }

  return {
    expireLicenses: (now, limit, trail) =>
      store.run(async () => {
        // Where no bot runs that does it all the time.
        await outbox.finishOld();
        return deleteInSteps(limit, (rows) => expire(now, rows, trail));
      }),

    deleteAttemptsBefore: (guildId, before, limit) =>
      store.run(() => {
        const attempts = deleteFound(models.attempts, { guildId, _id: { $lt: attemptIdAt(before) } }, { _id: 1 });
        const counts = deleteFound(models.attemptCounts, { guildId, minute: { $lt: before } }, { minute: 1 });
        const observed = deleteFound(
          models.observedValues,
          { guildId, lastSeenAt: { $lt: before } },
          { lastSeenAt: 1 },
        );
        return deleteInSteps(limit, inTurn(attempts, counts, observed));
      }),

    purgeDeleted: (before, limit) =>
      store.run(async () => {
        await removeOrphans(store);
        const old = { deletedAt: deletedBefore(before) };
        const products = (await models.products.find(old).select({ _id: 1 }).lean()).map(({ _id }) => _id);
        const remove = (filter: object, sort: Readonly<Record<string, 1>>) =>
          removeLicenses(store, filter, sort, purgeTrail);
        return deleteInSteps(
          limit,
          inTurn(
            remove(old, { deletedAt: 1 }),
            remove({ productId: { $in: products } }, { productId: 1, id: 1 }),
            purgeProducts(before),
          ),
        );
      }),

    deleteEffectsBefore: (before, limit) =>
      store.run(() => {
        const ended = { status: { $nin: ['pending', 'claimed'] as const }, createdAt: { $lt: before } };
        const isDone = { 'outbox.at': { $exists: false } };
        return deleteInSteps(limit, deleteFound(models.effects, { ...ended, ...isDone }, { createdAt: 1 }));
      }),
  };
}
