import type { mongo } from 'mongoose';
import type { ListedEntry } from '../../../domain/blacklist/blacklist.ts';
import { collectionOf, type Models } from '../database/models.ts';
import type { BlacklistDocument } from '../documents.ts';

type StoredEntry = Pick<BlacklistDocument, '_id' | 'type' | 'match' | 'expiresAt'>;

/** Reads of blacklist entries only what checks compare. */
export async function readListedEntries(
  { blacklist }: Models,
  filter: mongo.Filter<BlacklistDocument>,
  options: mongo.FindOptions & { readonly limit: number },
): Promise<readonly ListedEntry[]> {
  const projection = { type: 1, match: 1, expiresAt: 1 };
  const found = await collectionOf(blacklist)
    // Without `batchSize` the first answer has at most 101 of them.
    .find<StoredEntry>(filter, { ...options, projection, batchSize: options.limit })
    .toArray();
  return found.map(({ _id: id, type, match, expiresAt }) => ({ id, type, match, expiresAt }));
}
