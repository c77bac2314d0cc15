import type { BlacklistReader, ListedEntry } from '../../../domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../domain/blacklist/blacklist-index.ts';
import type { Models } from '../database/models.ts';
import type { BlacklistDocument } from '../documents.ts';
import { batchesOf } from './batches.ts';

/** A guild's blacklist in memory, as checks ask it. */
export interface GuildBlacklist extends BlacklistReader {
  /** Reads entries again that were added, replaced or removed. */
  reload(ids: readonly number[]): Promise<void>;
}

const fields = ['_id', 'type', 'match', 'expiresAt'] as const;

/** Loads a guild's blacklist in batches, between which the event loop runs. */
export async function createGuildBlacklist(models: Models, guildId: string): Promise<GuildBlacklist> {
  const index = createBlacklistIndex();
  for await (const batch of batchesOf(models.blacklist, { guildId, gone: false }, fields)) {
    for (const stored of batch) index.add(listedEntryOf(stored));
  }

  return {
    find: (type, match, now) => index.find(type, match, now),
    findIp: (texts, now) => index.findIp(texts, now),
    reload: async (ids) => {
      const found: ListedEntry[] = [];
      for await (const batch of batchesOf(models.blacklist, { _id: { $in: [...ids] }, guildId, gone: false }, fields)) {
        found.push(...batch.map(listedEntryOf));
      }
      // Without a pause in between, so that no check misses an entry that stays.
      for (const id of ids) index.remove(id);
      for (const entry of found) index.add(entry);
    },
  };
}

function listedEntryOf({
  _id: id,
  type,
  match,
  expiresAt,
}: Pick<BlacklistDocument, (typeof fields)[number]>): ListedEntry {
  return { id, type, match, expiresAt };
}
