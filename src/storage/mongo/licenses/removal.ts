import type { QueryFilter } from 'mongoose';
import type { Trail } from '../../port/trail.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { atOnce, type Delete, deleteFound } from '../steps.ts';

/** In `unpublished` of a license that is being removed. */
const removedMark = 'removed';

/**
 * Removes the licenses that the filter finds, first in `sort` first, with their seen values; slots go with their
 * license. A license that the filter no longer finds when its turn comes stays, and so does one that is changed then.
 */
export function removeLicenses(
  store: MongoStore,
  filter: QueryFilter<LicenseDocument>,
  sort: Readonly<Record<string, 1 | -1>>,
  trail: (guildId: string, licenseId: number) => Trail,
): Delete {
  const { models, outbox } = store;

  async function remove({ _id, id, guildId, rev }: Pick<LicenseDocument, '_id' | 'id' | 'guildId' | 'rev'>) {
    const outboxEntry = await outbox.make(guildId, trail(guildId, id), { remove: true });
    const mark = { $set: { unpublished: removedMark }, $inc: { rev: 1 } };
    return outbox.update(models.licenses, { ...filter, _id, rev, unpublished: null }, mark, outboxEntry);
  }

  return async (rows) => {
    let gone = 0;
    const licenses = await models.licenses
      .find({ ...filter, unpublished: null } as QueryFilter<LicenseDocument>)
      .sort(sort)
      .limit(rows)
      .select({ id: 1, guildId: 1, rev: 1 })
      .lean();
    for (let start = 0; start < licenses.length && gone < rows; start += atOnce) {
      const some = licenses.slice(start, start + atOnce);
      gone += await deleteFound(models.observedValues, { licenseId: { $in: some.map(({ id }) => id) } })(rows - gone);
      const removed = await Promise.all(some.slice(0, rows - gone).map(remove));
      gone += removed.filter(Boolean).length;
    }
    return gone;
  };
}
