import type { QueryFilter } from 'mongoose';
import type { Trail } from '../storage.ts';
import type { MongoStore } from './connection.ts';
import type { LicenseDocument } from './documents.ts';
import { type Delete, deleteFound } from './steps.ts';

/** In `hidden` of a license that is being removed. */
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
  const { models, rests } = store;

  return async (rows) => {
    let gone = 0;
    const licenses = await models.licenses
      .find({ ...filter, hidden: null } as QueryFilter<LicenseDocument>)
      .sort(sort)
      .limit(rows)
      .select({ id: 1, guildId: 1, rev: 1 })
      .lean();
    for (const { _id, id, guildId, rev } of licenses) {
      if (gone < rows) gone += await deleteFound(models.seen, { licenseId: id })(rows - gone);
      if (gone >= rows) break;
      const rest = await rests.make(guildId, trail(guildId, id), { remove: true });
      const mark = { $set: { hidden: removedMark }, $inc: { rev: 1 } };
      const isGone = await rests.update(models.licenses, { ...filter, _id, rev, hidden: null }, mark, rest);
      if (isGone) gone += 1;
    }
    return gone;
  };
}
