import type { Coordination } from '../port/coordination.ts';
import type { MongoStore } from './connection.ts';
import { duplicateFields } from './errors.ts';

/** Where a lease keeps the note of this name, whatever is in the name. */
function placeOf(name: string): string {
  return Buffer.from(name).toString('base64url');
}

/** The name that `placeOf` was made of. */
export function noteNameAt(place: string): string {
  return Buffer.from(place, 'base64url').toString();
}

export function createCoordination(store: MongoStore): Coordination {
  const {
    models: { leases, notes },
    now,
  } = store;
  const endOf = (ttlMs: number) => new Date(now().getTime() + ttlMs);

  /** Also one that ran out: nobody had it since. */
  async function renew(name: string, holder: string, ttlMs: number): Promise<number | null> {
    const renewed = await leases.findOneAndUpdate({ _id: name, holder }, { $set: { expiresAt: endOf(ttlMs) } }).lean();
    return renewed?.number ?? null;
  }

  async function acquire(name: string, holder: string, ttlMs: number): Promise<number | null> {
    const own = await renew(name, holder, ttlMs);
    if (own !== null) return own;
    try {
      const taken = await leases
        .findOneAndUpdate(
          { _id: name, expiresAt: { $lte: now() } },
          { $set: { holder, expiresAt: endOf(ttlMs) }, $inc: { number: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return taken.number;
    } catch (error) {
      // It is there and lives: somebody's, or our own from a call at the same time.
      if (duplicateFields(error) === null) throw error;
      return renew(name, holder, ttlMs);
    }
  }

  /**
   * A note that was ever set with a fence is in the lease itself: so one write compares the number and sets the note,
   * and none that began before somebody else took the lease ends after that.
   */
  async function setFenced(name: string, value: string, lease: object): Promise<boolean> {
    const { matchedCount } = await leases.updateOne(lease, { $set: { [`notes.${placeOf(name)}`]: value } });
    return matchedCount > 0;
  }

  const holdsNote = (name: string) => ({ [`notes.${placeOf(name)}`]: { $exists: true } });

  return {
    acquireLease: (name, holder, ttlMs) => store.run(() => acquire(name, holder, ttlMs)),

    // The document stays, so that numbers go on ascending.
    releaseLease: (name, holder) =>
      store.run(async () => {
        await leases.updateOne({ _id: name, holder }, { $set: { holder: '', expiresAt: new Date(0) } });
      }),

    note: (name) =>
      store.run(async () => {
        const lease = await leases.findOne(holdsNote(name)).lean();
        const fenced = lease?.notes?.[placeOf(name)];
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
