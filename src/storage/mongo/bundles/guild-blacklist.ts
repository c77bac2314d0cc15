import type { BlacklistReader, ListedEntry } from '../../../domain/blacklist.ts';
import { createBlacklistIndex } from '../../../domain/blacklist-index.ts';
import { collectionOf, type Models } from '../database/models.ts';
import type { BlacklistDocument } from '../documents.ts';

/** A guild's blacklist in memory, as checks ask it. */
export interface GuildBlacklist extends BlacklistReader {
  /** Reads entries again that were added, replaced or removed. */
  reload(ids: readonly number[]): Promise<void>;
}

type StoredEntry = Pick<BlacklistDocument, '_id' | 'type' | 'match' | 'expiresAt'>;

/** How many entries arrive and are decoded at a time. */
const batchSize = 1_000;

/** Loads a guild's blacklist in batches, between which the event loop runs. */
export async function createGuildBlacklist(models: Models, guildId: string): Promise<GuildBlacklist> {
  const index = createBlacklistIndex();
  const find = (filter: { readonly _id?: { readonly $in: number[] } }) =>
    collectionOf(models.blacklist).find(
      { guildId, gone: false, ...filter },
      { projection: { type: 1, match: 1, expiresAt: 1 }, batchSize },
    );

  const stored = find({});
  // `hasNext` waits for the next batch. To ask for entries one by one would take a promise for each.
  while (await stored.hasNext()) for (const entry of stored.readBufferedDocuments()) index.add(listedEntryOf(entry));

  return {
    find: (type, match, now) => index.find(type, match, now),
    findIp: (texts, now) => index.findIp(texts, now),
    reload: async (ids) => {
      const found = await find({ _id: { $in: [...ids] } }).toArray();
      for (const id of ids) index.remove(id);
      for (const entry of found) index.add(listedEntryOf(entry));
    },
  };
}

function listedEntryOf({ _id: id, type, match, expiresAt }: StoredEntry): ListedEntry {
  return { id, type, match, expiresAt };
}
