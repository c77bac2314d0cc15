import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../models.ts';

/** In `unpublished` of a license that has gone to a new key: its pendingCopy's `_id` follows. */
const movedMark = 'moved ';

export function movedTo(pendingCopyId: string): string {
  return `${movedMark}${pendingCopyId}`;
}

/** Whether a unpublished license was one that counts until it went to a new key. */
export function isMoved(unpublished: string | null): boolean {
  return unpublished?.startsWith(movedMark) ?? false;
}

/** Where its key is: its own `_id`, or its pendingCopy's once it has moved. */
export function currentIdOf({ _id, unpublished }: Pick<LicenseDocument, '_id' | 'unpublished'>): string {
  return unpublished !== null && isMoved(unpublished) ? unpublished.slice(movedMark.length) : _id;
}

/** The one document of each license that counts: while it moves, the old one until the new one is shown. */
export function publishedOf<T extends Pick<LicenseDocument, 'id' | 'unpublished'>>(found: readonly T[]): readonly T[] {
  const counting = new Map(found.filter(({ unpublished }) => isMoved(unpublished)).map((one) => [one.id, one]));
  for (const one of found) if (one.unpublished === null) counting.set(one.id, one);
  return [...counting.values()];
}

/**
 * The license's copy under its new key, unpublished until now, becomes the license. Repeating it changes nothing, however
 * late: once shown, the copy is unpublished again only with a higher `rev`.
 */
export async function publishPendingCopy({ licenses }: Models, id: string, pendingCopyId: string): Promise<void> {
  const license = await licenses.findById(id).select({ id: 1, rev: 1, expiryNotified: 1 }).lean();
  if (!license) return;
  await licenses.updateOne(
    { _id: pendingCopyId, id: license.id, rev: license.rev, unpublished: { $ne: null } },
    { $set: { expiryNotified: license.expiryNotified, unpublished: null } },
  );
}

/** The licenses of a batch count from now on. */
export async function publishBatch({ licenses }: Models, batch: string): Promise<void> {
  await licenses.updateMany({ unpublished: batch }, { $set: { unpublished: null } });
}
