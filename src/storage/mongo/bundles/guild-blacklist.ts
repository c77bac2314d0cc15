import { setImmediate as nextTick } from 'node:timers/promises';
import type { BlacklistReader } from '../../../domain/blacklist/blacklist.ts';
import { createBlacklistIndex } from '../../../domain/blacklist/blacklist-index.ts';
import type { Models } from '../database/models.ts';
import { createQueue } from '../queue.ts';
import { readListedEntries } from './listed-entries.ts';

/**
 * A guild's blacklist in memory. Its first window is read when it is created, and the others while checks run. Until it
 * is complete, checks ask the database: see `findDenyingEntries`.
 */
export interface GuildBlacklist {
  /** null: it is not complete. The rest is being read from then on. */
  inMemory(): BlacklistReader | null;
  /**
   * Called with the entries that were added, replaced or removed. More of them than a window are read again while checks
   * run, and the list is not complete until then.
   */
  reload(ids: readonly number[]): Promise<void>;
  /** Ends the reading: this object is not asked any more. */
  drop(): void;
}

/** How many entries are read at a time, in less than 10 ms of the processor. */
export const windowSize = 1_000;

export async function createGuildBlacklist(models: Models, guildId: string): Promise<GuildBlacklist> {
  const index = createBlacklistIndex();
  /**
   * Each read begins after the one before has reached the index. Otherwise a window that was read before a change could
   * arrive after the changed entry was read again.
   */
  const inTurn = createQueue();
  /** All entries with an id up to this one are in the index; Infinity: all are. */
  let loadedUpTo = 0;
  /** Entries in the index that have changed and are to be read again. */
  const changed = new Set<number>();
  let isReading = false;
  let isDropped = false;

  const isComplete = () => loadedUpTo === Infinity && changed.size === 0;

  async function loadWindow(): Promise<void> {
    const filter = { guildId, gone: false, _id: { $gt: loadedUpTo } };
    const found = await readListedEntries(models, filter, { sort: { _id: 1 }, limit: windowSize });
    for (const entry of found) index.add(entry);
    loadedUpTo = found.length < windowSize ? Infinity : (found.at(-1)?.id ?? Infinity);
  }

  async function readAgain(all: readonly number[]): Promise<void> {
    // The others are read with their window, which begins later.
    const ids = all.filter((id) => id <= loadedUpTo);
    if (ids.length === 0) return;
    const found = await readListedEntries(models, { _id: { $in: ids }, guildId, gone: false }, { limit: ids.length });
    // Without a pause in between, so that no check misses an entry that stays.
    for (const id of ids) index.remove(id);
    for (const entry of found) index.add(entry);
  }

  async function readChanged(): Promise<void> {
    const ids = [...changed].slice(0, windowSize);
    // Before they are read: one that changes meanwhile is named again.
    for (const id of ids) changed.delete(id);
    try {
      await readAgain(ids);
    } catch (error) {
      for (const id of ids) changed.add(id);
      throw error;
    }
  }

  async function readRest(): Promise<void> {
    while (!isDropped && !isComplete()) {
      await inTurn(loadedUpTo === Infinity ? readChanged : loadWindow);
      await nextTick();
    }
  }

  /** What fails to be read is read when the next check asks, which asks the database until then. */
  function startReading(): void {
    isReading = true;
    void readRest()
      .catch(() => undefined)
      .finally(() => (isReading = false));
  }

  await loadWindow();
  return {
    inMemory: () => {
      if (!isReading && isComplete()) return index;
      if (!isReading) startReading();
      return null;
    },
    reload: async (ids) => {
      if (ids.length <= windowSize) return inTurn(() => readAgain(ids));
      for (const id of ids) changed.add(id);
    },
    drop: () => {
      isDropped = true;
    },
  };
}
