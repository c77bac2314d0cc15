import type { StoredEffect } from '../../domain/effect.ts';
import { type Effects, maxEffectDelayMs } from '../port/effects.ts';
import type { MongoStore } from './connection.ts';
import type { EffectDocument } from './documents.ts';
import { createGrantedRoles } from './granted-roles.ts';

const finishAbandonedEveryMs = 10_000;
const unfinishedStatus = { $in: ['pending', 'claimed'] } as const;

function effectOf(stored: Omit<EffectDocument, 'outbox'>): StoredEffect {
  const { _id: id, guildId, effect, status, createdAt, dueAt, claimedAt, tries, outcome } = stored;
  return { id, guildId, effect, status, createdAt, dueAt, claimedAt, tries, outcome };
}

export function createEffects(store: MongoStore): Effects {
  const { models, now, outbox } = store;
  let lastFinishedAt = -Infinity;

  /** Stores effects that are still in the outboxes of documents, because the process that changed them has died. */
  async function finishAbandoned(): Promise<void> {
    const at = now().getTime();
    // A clock that was set back must not stop this until it has caught up.
    if (at >= lastFinishedAt && at < lastFinishedAt + finishAbandonedEveryMs) return;
    lastFinishedAt = at;
    await outbox.finishAbandoned();
  }

  /**
   * One write finds the oldest effect that is due and claims it, so that two processes never claim the same one.
   * `misdated`: one that is due impossibly late.
   */
  async function claimOne(kind: EffectDocument['kind'], claimMs: number, misdated: boolean) {
    const at = now();
    const later = (ms: number) => new Date(at.getTime() + ms);
    // Only a claimed effect has `claimedAt`.
    const isFree = [
      { status: 'pending' as const },
      { claimedAt: { $lte: later(-claimMs) } },
      { claimedAt: { $gt: later(claimMs) } },
    ];
    const dueAt = misdated ? { $gt: later(maxEffectDelayMs) } : { $lte: at };
    const found = await models.effects
      .findOneAndUpdate(
        { kind, status: unfinishedStatus, dueAt, $or: isFree },
        { $set: { status: 'claimed', claimedAt: at }, $inc: { tries: 1 } },
        { sort: { dueAt: 1, _id: 1 }, returnDocument: 'before' },
      )
      .lean();
    return found && { ...effectOf(found), status: 'claimed' as const, tries: found.tries + 1 };
  }

  return {
    ...createGrantedRoles(store),

    addEffects: (guildId, effects) =>
      store.run(async () => {
        const { effectIds } = await outbox.recordTrail(guildId, { audit: [], effects });
        return effectIds;
      }),

    claimEffects: (kind, limit, claimMs) =>
      store.run(async () => {
        await finishAbandoned();
        const claimed: StoredEffect[] = [];
        while (claimed.length < limit) {
          const effect = (await claimOne(kind, claimMs, false)) ?? (await claimOne(kind, claimMs, true));
          if (!effect) break;
          claimed.push(effect);
        }
        return claimed;
      }),

    finishEffect: (id, { status, outcome, dueAt }, audit) =>
      store.run(async () => {
        const due = status === 'pending' ? { dueAt: dueAt ?? now() } : {};
        const end = { $set: { status, outcome, claimedAt: null, ...due } };
        const unfinished = { _id: id, status: unfinishedStatus };
        if (!audit) {
          await models.effects.updateOne(unfinished, end);
          return;
        }
        const effect = await models.effects.findOne(unfinished).select({ guildId: 1 }).lean();
        if (!effect) return;
        const outboxEntry = await outbox.createEntry(effect.guildId, { audit: [audit], effects: [] });
        await outbox.update(models.effects, unfinished, end, outboxEntry);
      }),

    requeueWaiting: (guildId, userId) =>
      store.run(async () => {
        const at = now();
        const waiting = { guildId, status: 'waiting', 'effect.userId': userId } as const;
        const requeue = { $set: { status: 'pending', createdAt: at, dueAt: at } } as const;
        return (await models.effects.updateMany(waiting, requeue)).modifiedCount;
      }),

    effectsById: (ids) =>
      store.run(async () => {
        const found = await models.effects.find({ _id: { $in: ids } }).lean();
        const byId = new Map(found.map((stored) => [stored._id, effectOf(stored)]));
        return ids.map((id) => byId.get(id)).filter((effect) => effect !== undefined);
      }),
  };
}
