import { clockToleranceMs, type Coordination } from '../port/coordination.ts';
import type { MongoStore } from './connection.ts';
import { duplicateFields } from './errors.ts';

/**
 * The field of a lease that holds the note of this name. Encoded, because a name may contain dots or begin with `$`.
 */
function noteFieldOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** The name that `noteFieldOf` encoded. */
export function noteNameOf(field: string): string {
  return Buffer.from(field, 'base64url').toString();
}

export function createCoordination(store: MongoStore): Coordination {
  const {
    models: { leases, notes },
    now,
  } = store;
  const expiryAfter = (ttlMs: number) => new Date(now().getTime() + ttlMs);

  /** Renews also a lease that has expired: while `holder` is stored, no other process has acquired it since. */
  async function renew(name: string, holder: string, ttlMs: number): Promise<number | null> {
    const renewed = await leases
      .findOneAndUpdate({ _id: name, holder }, { $set: { expiresAt: expiryAfter(ttlMs) } })
      .lean();
    return renewed?.number ?? null;
  }

  async function acquire(name: string, holder: string, ttlMs: number): Promise<number | null> {
    const renewed = await renew(name, holder, ttlMs);
    if (renewed !== null) return renewed;
    try {
      const acquired = await leases
        .findOneAndUpdate(
          {
            _id: name,
            $or: [{ expiresAt: { $lte: now() } }, { expiresAt: { $gt: expiryAfter(ttlMs + clockToleranceMs) } }],
          },
          { $set: { holder, expiresAt: expiryAfter(ttlMs) }, $inc: { number: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return acquired.number;
    } catch (error) {
      // The upsert found the lease alive: another process holds it, or this holder acquired it in a concurrent call.
      if (duplicateFields(error) === null) throw error;
      return renew(name, holder, ttlMs);
    }
  }

  /**
   * A note that was ever set with a fence is stored in the lease's own document. So one write compares the fencing
   * number and sets the note: a write of a former holder that arrives after the next one has acquired the lease does
   * not match.
   */
  async function setFenced(name: string, value: string, lease: object): Promise<boolean> {
    const { matchedCount } = await leases.updateOne(lease, { $set: { [`notes.${noteFieldOf(name)}`]: value } });
    return matchedCount > 0;
  }

  const holdsNote = (name: string) => ({ [`notes.${noteFieldOf(name)}`]: { $exists: true } });

  return {
    acquireLease: (name, holder, ttlMs) => store.run(() => acquire(name, holder, ttlMs)),

    // The document stays: removing it would begin the fencing numbers at 1 again.
    releaseLease: (name, holder) =>
      store.run(async () => {
        await leases.updateOne({ _id: name, holder }, { $set: { holder: '', expiresAt: new Date(0) } });
      }),

    note: (name) =>
      store.run(async () => {
        const lease = await leases.findOne(holdsNote(name)).lean();
        const fenced = lease?.notes?.[noteFieldOf(name)];
        return fenced ?? (await notes.findById(name).lean())?.value ?? null;
      }),

    setNote: (name, value, fence) =>
      store.run(async () => {
        if (fence) return setFenced(name, value, { _id: fence.lease, number: { $lte: fence.number } });
        const isFenced = await setFenced(name, value, holdsNote(name));
        if (!isFenced) await notes.updateOne({ _id: name }, { $set: { value } }, { upsert: true });
        return true;
      }),
  };
}
