import type { License } from '../../../domain/license.ts';
import type { LicenseRef } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseFields, licenseOf, type LicenseState, lookupText } from './documents.ts';
import { publishedOf } from './pending-copy.ts';

async function find<T extends LicenseState>(
  { models: { licenses }, vault }: MongoStore,
  guildId: string,
  ref: LicenseRef,
  leftOut: Readonly<Record<string, 0>>,
): Promise<T | null> {
  if ('key' in ref) {
    const _id = lookupText(vault.lookup(guildId, ref.key));
    return licenses.findOne({ _id, guildId, unpublished: null }).select(leftOut).lean<T>();
  }
  const read = () => licenses.find({ id: ref.id, guildId }).select(leftOut).lean<T[]>();
  const found = await read();
  const [counting] = publishedOf(found);
  if (counting || found.length === 0) return counting ?? null;
  // Either it is not made yet, or it went to its new key while both documents were read, one after the other.
  return publishedOf(await read())[0] ?? null;
}

/** Deleted ones are found. */
export async function findLicense(store: MongoStore, guildId: string, ref: LicenseRef): Promise<License | null> {
  const found = await find<LicenseState>(store, guildId, ref, licenseFields);
  return found && licenseOf(found);
}

/** The whole of it; by id it may be one that is moving to a new key. */
export function findDocument(store: MongoStore, guildId: string, ref: LicenseRef): Promise<LicenseDocument | null> {
  return find<LicenseDocument>(store, guildId, ref, {});
}
