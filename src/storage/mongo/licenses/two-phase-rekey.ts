import type { MongoStore } from '../connection.ts';
import { lost } from '../conflict.ts';
import type { LicenseDocument, Rest } from '../documents.ts';
import type { keyFields } from './documents.ts';
import { collectionOf } from '../models.ts';
import { clearAway, reservationName } from './reservations.ts';
import { movedTo } from './pending-copy.ts';
import { duplicateFields } from '../errors.ts';

export interface Move {
  readonly from: LicenseDocument;
  readonly key: ReturnType<typeof keyFields>;
  /** What else changes with the key. */
  readonly state: Partial<LicenseDocument>;
  /** Its `successor` is the new key's `_id`. */
  readonly rest: Rest;
}

/**
 * Gives a license a new key, which is a new document: a whole copy, hidden, reserves the key; then one write to the old
 * document makes the change, and what follows from it shows the copy and removes the old one. Lost: the license was
 * changed by somebody else, or somebody is about to take the key or to leave it.
 */
export async function moveLicense(store: MongoStore, move: Move): Promise<'moved' | 'taken' | typeof lost> {
  const { models, rests } = store;
  const { from, key, state, rest } = move;
  const name = reservationName(store);
  const reserved = await reserve(store, move, name);
  if (reserved !== 'reserved') return reserved;
  const { keySuffix, keySuffixFolded } = key;
  const isMoved = await rests.update(
    models.licenses,
    { _id: from._id, rev: from.rev },
    { $set: { ...state, keySuffix, keySuffixFolded, hidden: movedTo(key._id) }, $inc: { rev: 1 } },
    rest,
  );
  if (isMoved) return 'moved';
  await models.licenses.deleteOne({ _id: key._id, hidden: name });
  return lost;
}

async function reserve(
  store: MongoStore,
  { from, key, state }: Move,
  name: string,
): Promise<'reserved' | 'taken' | typeof lost> {
  const { licenses } = store.models;
  const { rests: _, ...whole } = from;
  try {
    await collectionOf(licenses).insertOne({ ...whole, ...state, ...key, rev: from.rev + 1, hidden: name });
    return 'reserved';
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const holder = await licenses.findById(key._id).select({ hidden: 1, rests: 1 }).lean();
  if (!holder) return lost;
  if (holder.hidden === null) return 'taken';
  await clearAway(store, holder);
  return lost;
}
