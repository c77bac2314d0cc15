import type { QueryFilter } from 'mongoose';
import type { License } from '../../../domain/license.ts';
import type { LicenseRef } from '../../port/licenses.ts';
import type { MongoStore } from '../connection.ts';
import type { LicenseDocument } from '../documents.ts';
import { licenseProjection, licenseOf, type StoredLicense, lookupText } from './documents.ts';
import { publishedOf } from './pending-copy.ts';

type Projection = Readonly<Record<string, 0>>;

async function find<T extends StoredLicense>(
  store: MongoStore,
  guildId: string,
  ref: LicenseRef,
  projection: Projection,
): Promise<T | null> {
  if (!('key' in ref)) return findBy(store, { ...ref, guildId }, projection);
  const _id = lookupText(store.vault.lookup(guildId, ref.key));
  return store.models.licenses.findOne({ _id, guildId, unpublished: null }).select(projection).lean<T>();
}

async function findBy<T extends StoredLicense>(
  { models: { licenses } }: MongoStore,
  filter: QueryFilter<LicenseDocument>,
  projection: Projection,
): Promise<T | null> {
  const read = () => licenses.find(filter).select(projection).lean<T[]>();
  const found = await read();
  const [published] = publishedOf(found);
  if (published || found.length === 0) return published ?? null;
  // Either the license is not published yet, or it moved to its new key between the reads of its two documents.
  return publishedOf(await read())[0] ?? null;
}

/** Finds a license, also a deleted one; null: there is none in this guild. */
export async function findLicense(store: MongoStore, guildId: string, ref: LicenseRef): Promise<License | null> {
  const found = await find<StoredLicense>(store, guildId, ref, licenseProjection);
  return found && licenseOf(found);
}

/** Finds a license of this owner in whichever guild, also a deleted one; null: there is none. */
export async function findOwnedLicense(store: MongoStore, ownerId: string, id: number): Promise<License | null> {
  const found = await findBy<StoredLicense>(store, { id, ownerId }, licenseProjection);
  return found && licenseOf(found);
}

/** Finds the whole document. By id or UUID it may be one that has moved to a new key and is about to be removed. */
export function findDocument(store: MongoStore, guildId: string, ref: LicenseRef): Promise<LicenseDocument | null> {
  return find<LicenseDocument>(store, guildId, ref, {});
}
