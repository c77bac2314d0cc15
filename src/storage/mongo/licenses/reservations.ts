import { dayMs } from '../../../domain/values/calendar.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { movedTo } from './pending-copy.ts';

/** A living process publishes or withdraws its reserved licenses within moments; after this time it counts as dead. */
const abandonedAfterMs = 600_000;
/** How long a withdrawn batch's name stays taken: far longer than a process could still try to complete that batch. */
const tombstoneMs = dayMs;

/**
 * A name for `unpublished` of licenses that do not count yet. It begins with the instant in ms, so that the names of
 * older reservations sort before those of newer ones.
 */
export function newReservationName(store: MongoStore): string {
  return `${store.now().getTime()} ${store.random(12).toString('base64url')}`;
}

/** Whether `unpublished` is a reservation's name, and not that of a license that moved or is being removed. */
export function isReservation(unpublished: string | null): unpublished is string {
  return unpublished !== null && /^\d/.test(unpublished);
}

/**
 * Finishes what another process left under a key that is wanted now: it carries out the document's outbox entries, or
 * removes a reservation that is abandoned. A younger reservation is left alone.
 */
export async function finishLeftover(
  store: MongoStore,
  { _id, unpublished, outbox = [] }: Pick<LicenseDocument, '_id' | 'unpublished' | 'outbox'>,
): Promise<void> {
  if (outbox.length > 0) await store.outbox.finishEntries(store.models.licenses, _id, outbox);
  else if (isReservation(unpublished) && isAbandoned(store, unpublished)) await dropReservation(store, unpublished);
}

/** Removes reserved licenses of processes that died before the licenses counted, and old tombstones of batches. */
export async function removeAbandonedReservations(store: MongoStore): Promise<void> {
  const { licenses, batches } = store.models;
  const { below, above } = abandonedNames(store);
  for (const unpublished of [
    { $gte: '', $lt: below },
    { $gt: above, $lt: afterReservations },
  ]) {
    const names = await licenses.distinct('unpublished', { unpublished });
    for (const name of names) await dropReservation(store, name);
  }
  const tombstones = { _id: { $lt: String(store.now().getTime() - tombstoneMs) }, outbox: { $exists: false } };
  await batches.deleteMany(tombstones);
}

/** Names of reservations sort before this text, the other values of `unpublished` after it. */
const afterReservations = ':';

/**
 * Names of abandoned reservations sort before `below`, or after `above`: those were made by a clock that was ahead.
 */
function abandonedNames(store: MongoStore): { readonly below: string; readonly above: string } {
  const now = store.now().getTime();
  return { below: String(now - abandonedAfterMs), above: String(now + abandonedAfterMs) };
}

function isAbandoned(store: MongoStore, name: string): boolean {
  const { below, above } = abandonedNames(store);
  return name < below || name > above;
}

/** Removes the licenses reserved under the name. If their process is alive after all, its next write fails. */
async function dropReservation(store: MongoStore, name: string): Promise<void> {
  const { licenses } = store.models;
  if (await isBatchComplete(store, name)) return;
  const reserved = await licenses.find({ unpublished: name }).select({ id: 1 }).lean();
  for (const { _id, id } of reserved) {
    // For a rekey: the process that reserved this copy may still be about to mark the old document as moved. It read
    // that document before, so raising `rev` here makes its write miss. If it was faster, the copy is wanted and stays.
    await licenses.updateOne({ id, unpublished: null }, { $inc: { rev: 1 } });
    const isWanted = await licenses.exists({ id, unpublished: movedTo(_id) });
    if (!isWanted) await licenses.deleteOne({ _id, unpublished: name });
  }
}

/**
 * Whether the batch of that name is complete and only has to be published. If it is not, a tombstone (a batch document
 * without outbox) now takes its `_id`, so that its process can no longer complete it.
 */
async function isBatchComplete({ models: { batches } }: MongoStore, name: string): Promise<boolean> {
  try {
    await batches.collection.insertOne({ _id: name } as object);
    return false;
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const batch = await batches.findById(name).lean();
  return (batch?.outbox ?? []).length > 0;
}
