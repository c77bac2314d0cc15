import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../database/models.ts';

/** `unpublished` of a license that has moved to a new key: this prefix and the new document's `_id`. */
const movedPrefix = 'moved ';

/** The value of `unpublished` for a license that has moved to its copy with this `_id`. */
export function movedTo(pendingCopyId: string): string {
  return `${movedPrefix}${pendingCopyId}`;
}

/** Whether an unpublished document is a license that counted until it moved to a new key. */
export function isMoved(unpublished: string | null): boolean {
  return unpublished?.startsWith(movedPrefix) ?? false;
}

/**
 * The `_id` of the document that holds the license's current key: the document's own, or its copy's once it has moved.
 */
export function currentIdOf({ _id, unpublished }: Pick<LicenseDocument, '_id' | 'unpublished'>): string {
  return unpublished !== null && isMoved(unpublished) ? unpublished.slice(movedPrefix.length) : _id;
}

/**
 * The one document of each license that counts. While a license moves to a new key it has two: the old one counts until
 * the copy is published.
 */
export function publishedOf<T extends Pick<LicenseDocument, 'id' | 'unpublished'>>(found: readonly T[]): readonly T[] {
  const moved = found.filter(({ unpublished }) => isMoved(unpublished));
  const published = found.filter(({ unpublished }) => unpublished === null);
  return [...new Map([...moved, ...published].map((document) => [document.id, document])).values()];
}

/**
 * Publishes the license's copy under its new key. It can be repeated at any later time without harm: once published,
 * the copy becomes unpublished again only with a higher `rev`, which this write does not match.
 */
export async function publishPendingCopy({ licenses }: Models, id: string, pendingCopyId: string): Promise<void> {
  const license = await licenses.findById(id).select({ id: 1, rev: 1, expiryNotified: 1 }).lean();
  if (!license) return;
  await licenses.updateOne(
    { _id: pendingCopyId, id: license.id, rev: license.rev, unpublished: { $ne: null } },
    { $set: { expiryNotified: license.expiryNotified, unpublished: null } },
  );
}

/** Publishes the licenses of a batch. */
export async function publishBatch({ licenses }: Models, batch: string): Promise<void> {
  await licenses.updateMany({ unpublished: batch }, { $set: { unpublished: null } });
}

/** The value of a claim's note for good. Before, it is the name of the batch that is about to be published. */
export const claimTaken = 'taken';

/** Takes a claim for good: its batch is published. */
export async function confirmClaim({ notes }: Models, note: string): Promise<void> {
  await notes.updateOne({ _id: note }, { $set: { value: claimTaken } }, { upsert: true });
}
