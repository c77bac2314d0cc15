import type { StoredEffect } from '../../domain/effect.ts';
import type { Effects } from '../port/effects.ts';
import type { MongoStore } from './connection.ts';
import type { EffectDocument } from './documents.ts';
import { createMembers } from './granted-roles.ts';

const finishOldEveryMs = 10_000;
/** Not ended. */
const open = { $in: ['pending', 'claimed'] } as const;

function effectOf(stored: Omit<EffectDocument, 'outbox'>): StoredEffect {
  const { _id: id, guildId, effect, status, createdAt, dueAt, claimedAt, tries, outcome } = stored;
  return { id, guildId, effect, status, createdAt, dueAt, claimedAt, tries, outcome };
}

export function createEffects(store: MongoStore): Effects {
  const { models, now, outbox } = store;
  let finishedOldAt = -Infinity;

  /** Effects that a process left in the documents it changed when it died become due here. */
  async function finishOld(): Promise<void> {
    const at = now().getTime();
    // A clock that was set back counts anew.
    if (at >= finishedOldAt && at < finishedOldAt + finishOldEveryMs) return;
    finishedOldAt = at;
    await outbox.finishOld();
  }

  /** One write finds the oldest that is due and claims it: who comes at the same time gets another one. */
  async function claimOne(kind: EffectDocument['kind'], claimMs: number): Promise<StoredEffect | null> {
    const at = now();
    const endedClaim = { status: 'claimed', claimedAt: { $lte: new Date(at.getTime() - claimMs) } } as const;
    const found = await models.effects
      .findOneAndUpdate(
        { kind, status: open, dueAt: { $lte: at }, $or: [{ status: 'pending' }, endedClaim] },
        { $set: { status: 'claimed', claimedAt: at }, $inc: { tries: 1 } },
        { sort: { dueAt: 1, _id: 1 }, returnDocument: 'before' },
      )
      .lean();
    return found && { ...effectOf(found), status: 'claimed', tries: found.tries + 1 };
  }

  return {
    ...createMembers(store),

    addEffects: (guildId, effects) =>
      store.run(async () => {
        const { effectIds } = await outbox.record(guildId, { audit: [], effects });
        return effectIds;
      }),

    claimEffects: (kind, limit, claimMs) =>
      store.run(async () => {
        await finishOld();
        const claimed: StoredEffect[] = [];
        while (claimed.length < limit) {
          const one = await claimOne(kind, claimMs);
          if (!one) break;
          claimed.push(one);
        }
        return claimed;
      }),

    finishEffect: (id, { status, outcome, dueAt }, audit) =>
      store.run(async () => {
        const due = status === 'pending' ? { dueAt: dueAt ?? now() } : {};
        const end = { $set: { status, outcome, claimedAt: null, ...due } };
        const unfinished = { _id: id, status: open };
        if (!audit) {
          await models.effects.updateOne(unfinished, end);
          return;
        }
        const effect = await models.effects.findOne(unfinished).select({ guildId: 1 }).lean();
        if (!effect) return;
        const outboxEntry = await outbox.make(effect.guildId, { audit: [audit], effects: [] });
        await outbox.update(models.effects, unfinished, end, outboxEntry);
      }),

    effectsById: (ids) =>
      store.run(async () => {
        const found = await models.effects.find({ _id: { $in: ids } }).lean();
        const byId = new Map(found.map((one) => [one._id, effectOf(one)]));
        return ids.map((id) => byId.get(id)).filter((one) => one !== undefined);
      }),
  };
}
