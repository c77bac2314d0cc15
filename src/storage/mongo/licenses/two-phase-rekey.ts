import { conflict } from '../conflict.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument, OutboxEntry } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { collectionOf } from '../database/models.ts';
import { type keyFields, unchangedWithSlots } from './documents.ts';
import { movedTo } from './pending-copy.ts';
import { finishLeftover, newReservationName } from './reservations.ts';

export interface Rekey {
  readonly from: LicenseDocument;
  readonly key: ReturnType<typeof keyFields>;
  /** What else changes together with the key. */
  readonly state: Partial<LicenseDocument>;
  /** Its `pendingCopy` is the new key's `_id`. */
  readonly outboxEntry: OutboxEntry;
}

/**
 * Gives a license a new key. A document's `_id` is made of its key, so the license needs a new document, in two phases:
 *
 * 1. An unpublished copy is inserted under the new key. It reserves the key and is found by no check.
 * 2. One conditional write marks the old document as moved. It is the change: from here on the old key is unknown, and
 *    the outbox entry stored by the same write publishes the copy and removes the old document, also if this process
 *    dies.
 *
 * `taken`: another license has the key. `conflict`: another process changed the license after it was read, or is about
 * to take the key or to give it up.
 */
export async function rekeyLicense(store: MongoStore, rekey: Rekey): Promise<'rekeyed' | 'taken' | typeof conflict> {
  const { models, outbox } = store;
  const { from, key, state, outboxEntry } = rekey;
  const reservation = newReservationName(store);
  const reserved = await reserveKey(store, rekey, reservation);
  if (reserved !== 'reserved') return reserved;
  const { keySuffix, keySuffixFolded } = key;
  const isRekeyed = await outbox.update(
    models.licenses,
    unchangedWithSlots(from),
    { $set: { ...state, keySuffix, keySuffixFolded, unpublished: movedTo(key._id) }, $inc: { rev: 1 } },
    outboxEntry,
  );
  if (isRekeyed) return 'rekeyed';
  await models.licenses.deleteOne({ _id: key._id, unpublished: reservation });
  return conflict;
}

async function reserveKey(
  store: MongoStore,
  { from, key, state }: Rekey,
  reservation: string,
): Promise<'reserved' | 'taken' | typeof conflict> {
  const { licenses } = store.models;
  const { outbox: _, ...license } = from;
  const copy = { ...license, ...state, ...key, rev: from.rev + 1, unpublished: reservation };
  try {
    await collectionOf(licenses).insertOne(copy);
    return 'reserved';
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const holder = await licenses.findById(key._id).select({ unpublished: 1, outbox: 1 }).lean();
  if (!holder) return conflict;
  if (holder.unpublished === null) return 'taken';
  await finishLeftover(store, holder);
  return conflict;
}
