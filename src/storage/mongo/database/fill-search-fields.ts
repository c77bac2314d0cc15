import { setImmediate as nextTick } from 'node:timers/promises';
import type { QueryFilter } from 'mongoose';
import type { LicenseDocument } from '../documents.ts';
import { searchFields } from '../licenses/documents.ts';
import { rowsPerWindow } from '../steps.ts';
import { collectionOf, type Models } from './models.ts';

/**
 * Gives licenses that an older version stored the fields by which they are found and listed, in steps of 2,000.
 * `isIndexed`: their index exists, so that this is one look-up for each guild where no such license is left. Before it
 * exists, they are filled in much faster.
 */
export async function fillSearchFields(models: Models, isIndexed: boolean): Promise<void> {
  const guilds = isIndexed ? await models.guilds.find().select({ _id: 1 }).lean() : [];
  const among = isIndexed ? { guildId: { $in: guilds.map(({ _id }) => _id) } } : {};
  const hint = isIndexed ? stateIndex : idIndex;
  let after: string | null = '';
  while (after !== null) {
    after = await fillStep(models, { ...among, listedAs: null }, hint, after);
    await nextTick();
  }
}

const idIndex = { _id: 1 } as const;
const stateIndex = { guildId: 1, listedAs: 1, expiryNotified: 1, id: -1, productId: 1 } as const;

/** Fills in the fields of the next licenses and returns the `_id` up to which all have them; null: all have. */
async function fillStep(
  { licenses }: Models,
  filter: QueryFilter<LicenseDocument>,
  hint: Readonly<Record<string, 1 | -1>>,
  after: string,
): Promise<string | null> {
  const collection = collectionOf(licenses);
  const found = await collection
    .find({ ...filter, _id: { $gt: after } } as object, { hint })
    .sort({ _id: 1 })
    .limit(rowsPerWindow)
    .project<LicenseDocument>({ rev: 1, name: 1, note: 1, order: 1, deletedAt: 1, holds: 1, switchedOff: 1 })
    .toArray();
  if (found.length === 0) return null;
  const updates = found.map((license) => ({
    // One that another process changes at the same time is read again.
    updateOne: { filter: { _id: license._id, rev: license.rev }, update: { $set: searchFields(license) } },
  }));
  const { matchedCount } = await collection.bulkWrite(updates, { ordered: false });
  return matchedCount < found.length ? after : (found.at(-1)?._id ?? null);
}
