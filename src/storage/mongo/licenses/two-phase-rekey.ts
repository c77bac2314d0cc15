import type { MongoStore } from '../connection.ts';
import { conflict } from '../conflict.ts';
import type { LicenseDocument, OutboxEntry } from '../documents.ts';
import type { keyFields } from './documents.ts';
import { collectionOf } from '../models.ts';
import { resolveLeftover, reservationName } from './reservations.ts';
import { movedTo } from './pending-copy.ts';
import { duplicateFields } from '../errors.ts';

export interface Move {
  readonly from: LicenseDocument;
  readonly key: ReturnType<typeof keyFields>;
  /** What else changes with the key. */
  readonly state: Partial<LicenseDocument>;
  /** Its `pendingCopy` is the new key's `_id`. */
  readonly outboxEntry: OutboxEntry;
}

/**
 * Gives a license a new key, which is a new document: a whole copy, unpublished, reserves the key; then one write to the old
 * document makes the change, and what follows from it shows the copy and removes the old one. Lost: the license was
 * changed by somebody else, or somebody is about to take the key or to leave it.
 */
export async function moveLicense(store: MongoStore, move: Move): Promise<'moved' | 'taken' | typeof conflict> {
  const { models, outbox } = store;
  const { from, key, state, outboxEntry } = move;
  const name = reservationName(store);
  const reserved = await reserve(store, move, name);
  if (reserved !== 'reserved') return reserved;
  const { keySuffix, keySuffixFolded } = key;
  const isMoved = await outbox.update(
    models.licenses,
    { _id: from._id, rev: from.rev },
    { $set: { ...state, keySuffix, keySuffixFolded, unpublished: movedTo(key._id) }, $inc: { rev: 1 } },
    outboxEntry,
  );
  if (isMoved) return 'moved';
  await models.licenses.deleteOne({ _id: key._id, unpublished: name });
  return conflict;
}

async function reserve(
  store: MongoStore,
  { from, key, state }: Move,
  name: string,
): Promise<'reserved' | 'taken' | typeof conflict> {
  const { licenses } = store.models;
  const { outbox: _, ...whole } = from;
  try {
    await collectionOf(licenses).insertOne({ ...whole, ...state, ...key, rev: from.rev + 1, unpublished: name });
    return 'reserved';
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const holder = await licenses.findById(key._id).select({ unpublished: 1, outbox: 1 }).lean();
  if (!holder) return conflict;
  if (holder.unpublished === null) return 'taken';
  await resolveLeftover(store, holder);
  return conflict;
}
