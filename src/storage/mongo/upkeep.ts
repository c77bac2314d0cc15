import { system } from '../../domain/actor.ts';
import type { License } from '../../domain/license.ts';
import type { Trail } from '../port/trail.ts';
import { dayMs, hourMs } from '../../domain/values/calendar.ts';
import type { Upkeep } from '../port/upkeep.ts';
import { rollUpGuild } from './attempt-statistics.ts';
import type { MongoStore } from './connection.ts';
import { licenseProjection, licenseOf, type StoredLicense } from './licenses/documents.ts';
import { attemptIdAt } from './ids.ts';
import { dropPurgedProducts } from './licenses/further-products.ts';
import { removeLicenses } from './licenses/removal.ts';
import { removeAbandonedReservations } from './licenses/reservations.ts';
import { maxParallelChanges, type DeleteStep, deleteMatching, deleteInSteps, deleteInTurn } from './steps.ts';

export type Retention = Omit<Upkeep, 'backup' | 'ping' | 'close'>;

const noTrail: Trail = { audit: [], effects: [] };

/** A filter for `deletedAt`; `$type` lets MongoDB use the partial index. */
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

  /**
   * Sets `expiryNotified` of licenses with such an end and stores the trail of each. A license that is changed at the
   * same time is left to the next call, which sees the changed one.
   */
  async function processEnds(
    expiresAt: { readonly $lte: Date } | { readonly $gt: Date },
    isProcessed: boolean,
    rows: number,
    trail: (license: License) => Trail,
  ): Promise<number> {
    const end = { expiryNotified: !isProcessed, expiresAt: { ...expiresAt, $type: 'date' as const } };
    const due = { ...end, deletedAt: null, unpublished: null };
    const found = await models.licenses
      .find({ ...due, productId: { $nin: await deletedProducts() } })
      .sort({ expiresAt: 1 })
      .limit(rows)
      .select(licenseProjection)
      .lean<readonly StoredLicense[]>();
    const process = async (license: StoredLicense) => {
      const outboxEntry = await outbox.createEntry(license.guildId, trail(licenseOf(license)));
      const asRead = { ...due, _id: license._id, rev: license.rev };
      return outbox.update(models.licenses, asRead, { $set: { expiryNotified: isProcessed } }, outboxEntry);
    };
    let processed = 0;
    for (let start = 0; start < found.length; start += maxParallelChanges) {
      const results = await Promise.all(found.slice(start, start + maxParallelChanges).map(process));
      processed += results.filter(Boolean).length;
    }
    return processed;
  }

  /** Removes products that were deleted before the instant and have no licenses left. */
  function purgeProducts(before: Date): DeleteStep {
    return async (rows) => {
      const purgeable = { deletedAt: deletedBefore(before), gone: false };
      const products = await models.products
        .find(purgeable)
        .sort({ _id: 1 })
        .limit(rows)
        .select({ guildId: 1, rev: 1 })
        .lean();
      let removed = 0;
      for (const { _id, guildId, rev } of products) {
        if (await models.licenses.exists({ productId: _id })) continue;
        const changes = [{ guildId, kind: 'product', ref: String(_id) }] as const;
        const outboxEntry = await outbox.createEntry(guildId, noTrail, { changes, remove: true });
        const hide = { $set: { gone: true }, $inc: { rev: 1 } };
        if (await outbox.update(models.products, { ...purgeable, _id, rev }, hide, outboxEntry)) removed += 1;
      }
      return removed;
    };
  }

  return {
    expireLicenses: (now, limit, trail) =>
      store.run(async () => {
        // Where no bot runs, no process claims effects, and only this job finishes the entries of dead processes.
        await outbox.finishAbandoned();
        return deleteInSteps(limit, (rows) => processEnds({ $lte: now }, true, rows, trail));
      }),

    withdrawExpiries: (now, limit, trail) =>
      store.run(() => deleteInSteps(limit, (rows) => processEnds({ $gt: now }, false, rows, trail))),

    rollUpAttempts: (guildId) => store.run(() => rollUpGuild(store, guildId)),

    deleteAttemptsBefore: (guildId, before, limit) =>
      store.run(() => {
        const attempts = deleteMatching(models.attempts, { guildId, _id: { $lt: attemptIdAt(before) } }, { _id: 1 });
        const counts = deleteMatching(models.attemptCounts, { guildId, minute: { $lt: before } }, { minute: 1 });
        const observed = deleteMatching(
          models.observedValues,
          { guildId, lastSeenAt: { $lt: before } },
          { lastSeenAt: 1 },
        );
        return deleteInSteps(limit, deleteInTurn(attempts, counts, observed));
      }),

    deleteStatisticsBefore: (guildId, period, before, limit) =>
      store.run(() => {
        const lastStart = new Date(before.getTime() - (period === 'hour' ? hourMs : dayMs));
        const old = { guildId, period, start: { $lte: lastStart } };
        return deleteInSteps(limit, deleteMatching(models.attemptStatistics, old, { start: 1 }));
      }),

    deleteAlertsBefore: (guildId, before, limit) =>
      store.run(() => deleteInSteps(limit, deleteMatching(models.alerts, { guildId, at: { $lt: before } }, { at: 1 }))),

    purgeDeleted: (before, limit) =>
      store.run(async () => {
        await removeAbandonedReservations(store);
        const purgeable = { deletedAt: deletedBefore(before) };
        const products = (await models.products.find(purgeable).select({ _id: 1 }).lean()).map(({ _id }) => _id);
        const remove = (filter: object, sort: Readonly<Record<string, 1>>) =>
          removeLicenses(store, filter, sort, purgeTrail);
        return deleteInSteps(
          limit,
          deleteInTurn(
            remove(purgeable, { deletedAt: 1 }),
            remove({ productId: { $in: products } }, { productId: 1, id: 1 }),
            dropPurgedProducts(store, products),
            purgeProducts(before),
          ),
        );
      }),

    deleteEffectsBefore: (before, limit) =>
      store.run(() => {
        const ended = { status: { $in: ['done', 'failed', 'dropped'] as const }, createdAt: { $lt: before } };
        const withoutEntries = { 'outbox.at': { $exists: false } };
        return deleteInSteps(limit, deleteMatching(models.effects, { ...ended, ...withoutEntries }, { createdAt: 1 }));
      }),
  };
}
