import { changeableFields, licenseOf } from './license-documents.ts';
import type { Models } from './models.ts';

/** In `hidden` of a license that has gone to a new key: its successor's `_id` follows. */
const movedMark = 'moved ';

export function movedTo(successorId: string): string {
  return `${movedMark}${successorId}`;
}

/** Whether a hidden license was one that counts until it went to a new key. */
export function isMoved(hidden: string | null): boolean {
  return hidden?.startsWith(movedMark) ?? false;
}

/** The license's copy under its new key, hidden until now, becomes the license. Repeating it changes nothing. */
export async function takePlace(models: Models, id: string, successorId: string): Promise<void> {
  const license = await models.licenses.findById(id).lean();
  if (!license) return;
  const state = { ...changeableFields(licenseOf(license)), slots: license.slots, expiryTold: license.expiryTold };
  await models.licenses.updateOne(
    { _id: successorId, hidden: { $ne: null } },
    { $set: { ...state, owner: license.owner, rev: license.rev, hidden: null } },
  );
}

/** The licenses of a batch count from now on. */
export async function showBatch(models: Models, batch: string): Promise<void> {
  await models.licenses.updateMany({ hidden: batch }, { $set: { hidden: null } });
}
