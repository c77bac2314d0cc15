import type { LicenseDocument } from '../documents.ts';
import type { Models } from '../models.ts';

/** In `hidden` of a license that has gone to a new key: its successor's `_id` follows. */
const movedMark = 'moved ';

export function movedTo(successorId: string): string {
  return `${movedMark}${successorId}`;
}

/** Whether a hidden license was one that counts until it went to a new key. */
export function isMoved(hidden: string | null): boolean {
  return hidden?.startsWith(movedMark) ?? false;
}

/** Where its key is: its own `_id`, or its successor's once it has moved. */
export function placeOf({ _id, hidden }: Pick<LicenseDocument, '_id' | 'hidden'>): string {
  return hidden !== null && isMoved(hidden) ? hidden.slice(movedMark.length) : _id;
}

/** The one document of each license that counts: while it moves, the old one until the new one is shown. */
export function countingOf<T extends Pick<LicenseDocument, 'id' | 'hidden'>>(found: readonly T[]): readonly T[] {
  const counting = new Map(found.filter(({ hidden }) => isMoved(hidden)).map((one) => [one.id, one]));
  for (const one of found) if (one.hidden === null) counting.set(one.id, one);
  return [...counting.values()];
}

/**
 * The license's copy under its new key, hidden until now, becomes the license. Repeating it changes nothing, however
 * late: once shown, the copy is hidden again only with a higher `rev`.
 */
export async function takePlace({ licenses }: Models, id: string, successorId: string): Promise<void> {
  const license = await licenses.findById(id).select({ id: 1, rev: 1, expiryTold: 1 }).lean();
  if (!license) return;
  await licenses.updateOne(
    { _id: successorId, id: license.id, rev: license.rev, hidden: { $ne: null } },
    { $set: { expiryTold: license.expiryTold, hidden: null } },
  );
}

/** The licenses of a batch count from now on. */
export async function showBatch({ licenses }: Models, batch: string): Promise<void> {
  await licenses.updateMany({ hidden: batch }, { $set: { hidden: null } });
}
