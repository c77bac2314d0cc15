import type { QueryFilter } from 'mongoose';
import type { Trail } from '../../port/trail.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { maxParallelChanges, type DeleteStep, deleteMatching } from '../steps.ts';

/** `unpublished` of a license that is being removed. */
const beingRemoved = 'removed';

/**
 * Removes the licenses that the filter matches, in the order of `sort`, together with their observed values; slots are
 * part of the license. A license that no longer matches, or that is changed while it is about to be removed, stays.
 */
export function removeLicenses(
  store: MongoStore,
  filter: QueryFilter<LicenseDocument>,
  sort: Readonly<Record<string, 1 | -1>>,
  trail: (guildId: string, licenseId: number) => Trail,
): DeleteStep {
  const { models, outbox } = store;

  async function remove({ _id, id, guildId, rev }: Pick<LicenseDocument, '_id' | 'id' | 'guildId' | 'rev'>) {
    const outboxEntry = await outbox.createEntry(guildId, trail(guildId, id), { remove: true });
    const hide = { $set: { unpublished: beingRemoved }, $inc: { rev: 1 } };
    return outbox.update(models.licenses, { ...filter, _id, rev, unpublished: null }, hide, outboxEntry);
  }

  return async (rows) => {
    let total = 0;
    const licenses = await models.licenses
      .find({ ...filter, unpublished: null } as QueryFilter<LicenseDocument>)
      .sort(sort)
      .limit(rows)
      .select({ id: 1, guildId: 1, rev: 1 })
      .lean();
    for (let start = 0; start < licenses.length && total < rows; start += maxParallelChanges) {
      const next = licenses.slice(start, start + maxParallelChanges);
      const ids = next.map(({ id }) => id);
      total += await deleteMatching(models.observedValues, { licenseId: { $in: ids } })(rows - total);
      const removed = await Promise.all(next.slice(0, rows - total).map(remove));
      total += removed.filter(Boolean).length;
    }
    return total;
  };
}
