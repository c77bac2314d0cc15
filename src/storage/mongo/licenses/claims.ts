import type { MongoStore } from '../connection.ts';
import { conflict } from '../conflict.ts';
import { duplicateFields } from '../errors.ts';
import { claimTaken } from './pending-copy.ts';
import { finishLeftover } from './reservations.ts';

/**
 * Takes a claim for a batch whose licenses are stored and not yet published. `conflict`: another batch is about to have
 * it, or has just been withdrawn.
 */
export async function reserveClaim(
  store: MongoStore,
  note: string,
  batch: string,
): Promise<'reserved' | 'taken' | typeof conflict> {
  const { notes } = store.models;
  try {
    await notes.collection.insertOne({ _id: note, value: batch } as never);
    return 'reserved';
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const holder = (await notes.findById(note).lean())?.value;
  if (holder === claimTaken) return 'taken';
  if (holder === undefined || (await isPending(store, holder))) return conflict;
  // The other batch was withdrawn. Of several that see this, one replaces it.
  const { matchedCount } = await notes.updateOne({ _id: note, value: holder }, { $set: { value: batch } });
  return matchedCount === 1 ? 'reserved' : conflict;
}

/**
 * Whether the batch may still be published, or is being published now. What its process left is finished if that process
 * is dead.
 */
async function isPending(store: MongoStore, batch: string): Promise<boolean> {
  const { licenses, batches } = store.models;
  const [reserved] = await licenses.find({ unpublished: batch }).limit(1).lean();
  if (reserved) {
    await finishLeftover(store, reserved);
    return true;
  }
  // A batch that is complete has a document until the claim is taken for good.
  const complete = await batches.findById(batch).lean();
  const { outbox = [] } = complete ?? {};
  if (outbox.length > 0) await store.outbox.finishEntries(batches, batch, outbox);
  return outbox.length > 0;
}
