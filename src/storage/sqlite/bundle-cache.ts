import { createBlacklistIndex } from '../../domain/blacklist.ts';
import type { Bundle } from '../../domain/check.ts';
import type { Product } from '../../domain/product.ts';
import { createProductReader } from '../product-reader.ts';
import {
  type BlacklistRow,
  blacklistEntryOf,
  type GuildRow,
  guildOf,
  readProduct,
  readProducts,
  readSettings,
} from './bundle-rows.ts';
import type { Prepare } from './database.ts';
import { createDirectory, type Directory } from './directory.ts';
import { type Change, changesBetween, readStamp } from './stamp.ts';

/**
 * What checks need of the guilds, held in memory under the stamp. Callers are inside a transaction of their own
 * connection and call `refresh` first; everything here is synchronous, so one cache serves both connections.
 */
export interface BundleCache {
  /** Makes the cache as of the caller's transaction. */
  refresh(statement: Prepare, now: Date): void;
  /** After a rollback: what was read may never come to be. */
  clear(): void;
  /** False where nothing was loaded yet or everything is due for reading again. */
  isFresh(now: Date): boolean;
  readonly directory: Directory;
  /** null: no such guild. */
  bundle(statement: Prepare, guildId: string): Bundle | null;
}

interface LoadedGuild {
  bundle: Bundle;
  readonly products: Map<number, Product>;
  readonly blacklist: ReturnType<typeof createBlacklistIndex>;
}

/** A safety net only: whatever a mistake or a hand in the file made stale is right again after a minute. */
const maxAgeMs = 60_000;

export function createBundleCache(): BundleCache {
  const directory = createDirectory();
  const guilds = new Map<string, LoadedGuild>();
  let stamp: number | null = null;
  let loadedAt = 0;

  function isFresh(now: Date): boolean {
    const age = now.getTime() - loadedAt;
    return stamp !== null && age >= 0 && age < maxAgeMs;
  }

  function loadAll(statement: Prepare, now: Date): void {
    guilds.clear();
    directory.loadAll(statement);
    loadedAt = now.getTime();
  }

  function apply(statement: Prepare, change: Change): void {
    const { guildId, kind, ref } = change;
    directory.reload(statement, change);
    const loaded = guilds.get(guildId);
    if (!loaded) return;
    switch (kind) {
      case 'guild':
        guilds.delete(guildId);
        break;
      case 'settings':
        loaded.bundle = { ...loaded.bundle, settings: readSettings(statement, guildId) };
        break;
      case 'product': {
        const product = readProduct(statement, guildId, Number(ref));
        if (product) loaded.products.set(product.id, product);
        else loaded.products.delete(Number(ref));
        loaded.bundle = { ...loaded.bundle, products: createProductReader(loaded.products.values()) };
        break;
      }
      case 'blacklist': {
        const row = statement('SELECT * FROM blacklist WHERE id = ? AND guild_id = ?').get(Number(ref), guildId);
        loaded.blacklist.remove(Number(ref));
        if (row) loaded.blacklist.add(blacklistEntryOf(row as unknown as BlacklistRow));
        break;
      }
      case 'api-key':
        break;
    }
  }

  function load(statement: Prepare, guildId: string): LoadedGuild | null {
    const row = statement('SELECT * FROM guilds WHERE id = ?').get(guildId);
    if (!row) return null;
    const products = new Map(readProducts(statement, guildId).map((product) => [product.id, product]));
    const entries = statement('SELECT * FROM blacklist WHERE guild_id = ?').all(guildId);
    const blacklist = createBlacklistIndex((entries as unknown as readonly BlacklistRow[]).map(blacklistEntryOf));
    const bundle = {
      guild: guildOf(row as unknown as GuildRow),
      settings: readSettings(statement, guildId),
      products: createProductReader(products.values()),
      blacklist,
    };
    return { bundle, products, blacklist };
  }

  return {
    directory,
    isFresh,
    refresh: (statement, now) => {
      const current = readStamp(statement);
      if (stamp === current && isFresh(now)) return;
      const changes = stamp !== null && isFresh(now) ? changesBetween(statement, stamp, current) : null;
      if (changes) for (const change of changes) apply(statement, change);
      else loadAll(statement, now);
      stamp = current;
    },
    clear: () => {
      stamp = null;
    },
    bundle: (statement, guildId) => {
      let loaded = guilds.get(guildId);
      if (!loaded) {
        loaded = load(statement, guildId) ?? undefined;
        if (!loaded) return null;
        guilds.set(guildId, loaded);
      }
      return loaded.bundle;
    },
  };
}
