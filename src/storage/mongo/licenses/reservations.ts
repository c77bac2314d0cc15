import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { duplicateFields } from '../errors.ts';
import { movedTo } from './pending-copy.ts';
import { dayMs } from '../../../domain/calendar.ts';

/** Whoever reserved keys uses them within moments. */
const orphanMs = 600_000;
/** As long as somebody could still use a name that was dropped. */
const droppedMs = dayMs;

/** What `unpublished` says of licenses that do not count yet. It begins with the instant: older names are lower. */
export function reservationName(store: MongoStore): string {
  return `${store.now().getTime()} ${store.random(12).toString('base64url')}`;
}

export function isReservation(unpublished: string | null): boolean {
  return unpublished !== null && /^\d/.test(unpublished);
}

/** Brings to its end what somebody left unpublished under a key that another license wants; what is young is left alone. */
export async function resolveLeftover(
  store: MongoStore,
  { _id, unpublished, outbox = [] }: Pick<LicenseDocument, '_id' | 'unpublished' | 'outbox'>,
): Promise<void> {
  if (outbox.length > 0) await store.outbox.finish(store.models.licenses, _id, outbox);
  else if (unpublished !== null && unpublished < orphansBelow(store)) await dropReservation(store, unpublished);
}

/** Removes the licenses of processes that died before they counted. */
export async function removeOrphans(store: MongoStore): Promise<void> {
  const { licenses, batches } = store.models;
  const names = await licenses.distinct('unpublished', { unpublished: { $gte: '', $lt: orphansBelow(store) } });
  for (const name of names) await dropReservation(store, name);
  const dropped = { _id: { $lt: String(store.now().getTime() - droppedMs) }, outbox: { $exists: false } };
  await batches.deleteMany(dropped);
}

function orphansBelow(store: MongoStore): string {
  return String(store.now().getTime() - orphanMs);
}

/** Removes what was reserved under the name, in a way that makes its maker fail if he is alive after all. */
async function dropReservation(store: MongoStore, name: string): Promise<void> {
  const { licenses } = store.models;
  if (await isComplete(store, name)) return;
  const reserved = await licenses.find({ unpublished: name }).select({ id: 1 }).lean();
  for (const { _id, id } of reserved) {
    // A license that would still move here was read before; raising `rev` makes that write miss.
    await licenses.updateOne({ id, unpublished: null }, { $inc: { rev: 1 } });
    const isWanted = await licenses.exists({ id, unpublished: movedTo(_id) });
    if (!isWanted) await licenses.deleteOne({ _id, unpublished: name });
  }
}

/** Whether the batch of that name is stored and only has to be shown; if not, it can no longer be stored. */
async function isComplete({ models: { batches } }: MongoStore, name: string): Promise<boolean> {
  try {
    await batches.collection.insertOne({ _id: name } as object);
    return false;
  } catch (error) {
    if (duplicateFields(error) === null) throw error;
  }
  const batch = await batches.findById(name).lean();
  return (batch?.outbox ?? []).length > 0;
}
